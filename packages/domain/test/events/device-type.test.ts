import { expect } from 'chai';
import { deviceTypeOf } from '../../src/events/index.ts';

describe('deviceTypeOf', () => {
  const cases = [
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36',
      'web',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'web'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Mobile/15E148 Safari/604.1', 'mobile'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36', 'mobile'],
    ['Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/130.0 Safari/537.36', 'tablet'],
    ['Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1 Mobile/15E148', 'tablet'],
    ['Mozilla/5.0 (Macintosh) AppleWebKit/537.36 StudyIn/1.2 Chrome/128.0 Electron/32.0 Safari/537.36', 'desktop'],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'other'],
    ['curl/8.9.1', 'other'],
    ['node', 'other'],
    ['', 'other'],
  ] as const;
  for (const [userAgent, deviceType] of cases) {
    it(`sees ${deviceType} in ${userAgent.slice(0, 60) || 'an empty header'}`, () => {
      expect(deviceTypeOf(userAgent)).to.equal(deviceType);
    });
  }

  it('calls a missing header other', () => {
    expect([deviceTypeOf(undefined), deviceTypeOf(null)]).to.deep.equal(['other', 'other']);
  });
});
