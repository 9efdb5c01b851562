import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, computeStreaks, isStreakDay } from '@studyin/domain/algorithms';

const answered = (studyDay: string) => ({ studyDay, questionsAttempted: 1, activeSeconds: 0 });

describe('a streak day', () => {
  it('has at least one answer or five active minutes', () => {
    const day = { studyDay: '2026-03-01', questionsAttempted: 0, activeSeconds: 299 };
    expect(isStreakDay(day)).equal(false);
    expect(isStreakDay({ ...day, activeSeconds: 300 })).equal(true);
    expect(isStreakDay({ ...day, questionsAttempted: 1, activeSeconds: 0 })).equal(true);
  });
});

describe('streaks', () => {
  const days = ['2024-02-28', '2024-02-29', '2024-03-01', '2024-03-05'].map(answered);
  const table = [
    ['2024-03-01', { current: 3, longest: 3, lastStudyDay: '2024-03-01' }],
    ['2024-03-02', { current: 3, longest: 3, lastStudyDay: '2024-03-01' }],
    ['2024-03-03', { current: 0, longest: 3, lastStudyDay: '2024-03-01' }],
    ['2024-03-05', { current: 1, longest: 3, lastStudyDay: '2024-03-05' }],
    ['2024-02-01', { current: 0, longest: 0, lastStudyDay: null }],
  ] as const;
  for (const [asOfDay, streaks] of table) {
    it(`as of ${asOfDay} are ${streaks.current} now and ${streaks.longest} at the longest`, () => {
      expect(computeStreaks(days, asOfDay)).eql(streaks);
    });
  }

  it('are those of walking the calendar day by day, whatever order the days come in', () => {
    const start = '2025-12-20';
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 40 }), fc.nat({ max: 40 }), (offsets, asOf) => {
        const studied = new Set(offsets.filter((offset) => offset <= asOf));
        const runEndingOn = (day: number): number => (studied.has(day) ? 1 + runEndingOn(day - 1) : 0);
        const runs = Array.from({ length: 41 }, (_, day) => runEndingOn(day));
        const streaks = computeStreaks(
          offsets.map((offset) => answered(addDays(start, offset))),
          addDays(start, asOf),
        );
        expect(streaks.longest).equal(Math.max(...runs));
        expect(streaks.current).equal(runEndingOn(asOf) || runEndingOn(asOf - 1));
        expect(streaks.lastStudyDay).equal(studied.size === 0 ? null : addDays(start, Math.max(...studied)));
      }),
    );
  });
});
