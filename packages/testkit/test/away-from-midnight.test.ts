import { expect } from 'chai';
import { msOverMidnight } from '../src/away-from-midnight.ts';

describe('away from midnight', () => {
  const at = (time: string): number => Date.parse(`2026-03-28T${time}Z`);

  it('waits only where the day would end too soon, and then until the next one has begun', () => {
    expect(msOverMidnight(at('12:00:00'), 60_000)).to.equal(0);
    expect(msOverMidnight(at('23:59:00'), 60_000)).to.equal(0);
    expect(msOverMidnight(at('23:59:00.001'), 60_000)).to.equal(60_999);
    expect(msOverMidnight(at('00:00:00'), 60_000)).to.equal(0);
    for (const now of [at('23:59:30'), at('23:59:59.999')]) {
      const then = new Date(now + msOverMidnight(now, 60_000)).toISOString();
      expect(then.slice(0, 10)).to.equal('2026-03-29');
    }
  });
});
