import { isIP } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { cutIp, isIpAddress } from '../../src/events/index.ts';

describe('cutIp', () => {
  const cases: readonly (readonly [string | null | undefined, string | null])[] = [
    ['203.0.113.77', '203.0.113.0'],
    ['255.255.255.255', '255.255.255.0'],
    ['2001:db8:abcd:12:3456::1', '2001:db8:abcd::'],
    ['2001:DB8::1', '2001:db8:0::'],
    ['::1', '0:0:0::'],
    ['fe80::1%eth0', 'fe80:0:0::'],
    ['::ffff:203.0.113.77', '203.0.113.0'],
    ['::FFFF:cb00:714d', '203.0.113.0'],
    ['0:0:0:0:0:ffff:203.0.113.77', '203.0.113.0'],
    ['1:2:3:4:5:6:7::', '1:2:3::'],
    ['', null],
    [null, null],
    [undefined, null],
    ['unknown', null],
    ['203.0.113', null],
    ['203.0.113.256', null],
    ['203.0.113.077', null],
    ['1:2:3:4:5:6:7:8:9', null],
    ['1::2::3', null],
    [':1', null],
    ['203.0.113.7:443', null],
    ['::ffff:203.0.113.77.', null],
  ];
  for (const [address, cut] of cases) {
    it(`turns ${String(address) || 'an empty text'} into ${String(cut)}`, () => {
      expect(cutIp(address)).to.equal(cut);
    });
  }

  it('knows an address as Node does', () => {
    const parts = fc.constantFrom('::', ':', '.', '0', '1', 'ffff', '12', '255', '256', '1.2.3.4', 'g', 'abcd', '00');
    const near = fc.array(parts, { maxLength: 17 }).map((list) => list.join(''));
    fc.assert(
      fc.property(fc.oneof(near, fc.ipV4(), fc.ipV6()), (text) => {
        expect(isIpAddress(text)).to.equal(isIP(text) !== 0);
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps at most 48 bits, and gives an address again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const cut = cutIp(address) ?? '';
        expect(isIP(cut)).not.to.equal(0);
        expect(cutIp(cut)).to.equal(cut);
      }),
    );
  });
});
