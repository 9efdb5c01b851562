import { expect } from 'chai';
import { msOver } from '../src/away-from.ts';

const at = (time: string): number => Date.parse(`2026-03-28T${time}Z`);

describe('away from a minute of the day', () => {
  it('waits only where the day would end too soon, and then until the next one has begun', () => {
    expect(msOver([0], at('12:00:00'), 60_000)).to.equal(0);
    expect(msOver([0], at('23:59:00'), 60_000)).to.equal(0);
    expect(msOver([0], at('23:59:00.001'), 60_000)).to.equal(60_999);
    expect(msOver([0], at('00:00:00'), 60_000)).to.equal(0);
    for (const now of [at('23:59:30'), at('23:59:59.999')]) {
      const then = new Date(now + msOver([0], now, 60_000)).toISOString();
      expect(then.slice(0, 10)).to.equal('2026-03-29');
    }
  });

  it('waits for the one of several that is near', () => {
    const minutes = [0, 5, 120];
    expect(msOver(minutes, at('00:04:30'), 60_000)).to.equal(31_000);
    expect(msOver(minutes, at('01:59:59'), 60_000)).to.equal(2_000);
    expect(msOver(minutes, at('23:59:59'), 60_000)).to.equal(2_000);
    for (const time of ['00:00:00', '00:05:00', '00:06:00', '02:00:00', '13:00:00']) {
      expect(msOver(minutes, at(time), 60_000), time).to.equal(0);
    }
  });
});
