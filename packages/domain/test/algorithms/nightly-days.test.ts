import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, daysBetween, daysToRollUp } from '@studyin/domain/algorithms';

describe('the nights to be completed', () => {
  it('are those after the last completed one, up to yesterday', () => {
    expect(daysToRollUp('2026-02-26', '2026-03-02')).deep.equal(['2026-02-27', '2026-02-28', '2026-03-01']);
  });

  it('are five after five nights without a worker', () => {
    expect(daysToRollUp('2026-01-09', '2026-01-15')).to.have.length(5);
  });

  it('are none once yesterday is completed, or when the clock ran ahead', () => {
    expect(daysToRollUp('2026-03-01', '2026-03-02')).deep.equal([]);
    expect(daysToRollUp('2026-03-02', '2026-03-02')).deep.equal([]);
    expect(daysToRollUp('2026-04-01', '2026-03-02')).deep.equal([]);
  });

  it('are yesterday alone before the first', () => {
    expect(daysToRollUp(null, '2026-03-01')).deep.equal(['2026-02-28']);
  });

  it('count the leap day', () => {
    expect(daysToRollUp('2024-02-28', '2024-03-01')).deep.equal(['2024-02-29']);
  });

  it('are at most 400, the latest ones', () => {
    const nights = daysToRollUp('2020-01-01', '2026-03-02');
    expect(nights).to.have.length(400);
    expect(nights.at(-1)).equal('2026-03-01');
  });

  it('refuse what is no day', () => {
    expect(() => daysToRollUp('yesterday', '2026-03-02')).throw(RangeError, 'yesterday');
    expect(() => daysToRollUp(null, '2026-02-30')).throw(RangeError, '2026-02-30');
  });

  it('are consecutive and end with yesterday, whatever the lag', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 800 }), (lag) => {
        const today = '2026-03-02';
        const nights = daysToRollUp(addDays(today, -1 - lag), today);
        expect(nights).to.have.length(Math.min(400, Math.max(0, lag)));
        nights.forEach((night, index) => expect(daysBetween(night, today)).equal(nights.length - index));
      }),
    );
  });
});
