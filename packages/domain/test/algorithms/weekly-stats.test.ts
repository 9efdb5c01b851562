import { expect } from 'chai';
import { computeWeeklyStats, type SummedDay } from '@studyin/domain/algorithms';

function day(studyDay: string, rest: Partial<SummedDay> = {}): SummedDay {
  const counts = { sessions: 1, totalSeconds: 700, activeSeconds: 600, questionsAttempted: 4, questionsCorrect: 3 };
  return { studyDay, ...counts, xpEarned: 10, ...rest };
}

const topicDay = (topicId: string, studyDay: string, masteryBefore: number | null, masteryAfter: number | null) => ({
  topicId,
  studyDay,
  masteryBefore,
  masteryAfter,
});

describe('a week in numbers', () => {
  it('is the sum of its days', () => {
    const idle = day('2026-03-24', { activeSeconds: 299, questionsAttempted: 0, questionsCorrect: 0 });
    const week = computeWeeklyStats({ days: [day('2026-03-23'), idle], previousDays: [], topicDays: [] });
    expect(week).eql({
      sessions: 2,
      totalSeconds: 1400,
      activeSeconds: 899,
      activeDays: 1,
      questionsAttempted: 4,
      questionsCorrect: 3,
      accuracy: 0.75,
      xpEarned: 20,
      activeSecondsChange: null,
      questionsChange: null,
      topicsImproved: 0,
    });
  });

  it('is compared with the week before', () => {
    const previousDays = [day('2026-03-16'), day('2026-03-17')];
    const week = computeWeeklyStats({ days: [day('2026-03-23')], previousDays, topicDays: [] });
    expect(week).include({ activeSecondsChange: -600, questionsChange: -4 });
    const idle = computeWeeklyStats({ days: [], previousDays, topicDays: [] });
    expect(idle).include({ accuracy: null, activeSecondsChange: -1200 });
  });

  it('counts a topic as improved from before its first to after its last answered day', () => {
    const topicDays = [
      topicDay('up', '2026-03-25', 0.2, 0.6),
      topicDay('up', '2026-03-23', 0.5, 0.2),
      topicDay('down', '2026-03-23', 0.5, 0.9),
      topicDay('down', '2026-03-24', 0.9, 0.5),
      topicDay('new', '2026-03-24', null, 0.1),
      topicDay('read', '2026-03-24', null, null),
      topicDay('up', '2026-03-26', null, null),
    ];
    expect(computeWeeklyStats({ days: [], previousDays: [], topicDays }).topicsImproved).equal(2);
  });
});
