import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, computeLearningMetrics, type SummedDay } from '@studyin/domain/algorithms';

const AS_OF = '2026-03-31';

function day(studyDay: string, rest: Partial<SummedDay> = {}): SummedDay {
  const counts = { sessions: 1, totalSeconds: 700, activeSeconds: 600, questionsAttempted: 4, questionsCorrect: 3 };
  return { studyDay, ...counts, xpEarned: 10, ...rest };
}

describe('the overview of a learner', () => {
  const factsOf = (days: readonly SummedDay[]) => ({ days, topicDays: [], topics: [], asOfDay: AS_OF });

  it('counts in each window the days that end with the day asked for', () => {
    const days = [0, 6, 7, 29, 30, 89, 90, -1].map((ago) => day(addDays(AS_OF, -ago)));
    const metrics = computeLearningMetrics(factsOf(days));
    const { last7Days, last30Days, last90Days, allTime } = metrics;
    expect([last7Days, last30Days, last90Days, allTime].map((window) => window.sessions)).eql([2, 4, 6, 7]);
    expect(last7Days).eql({
      activeSeconds: 1200,
      sessions: 2,
      activeDays: 2,
      questions: 8,
      correct: 6,
      accuracy: 0.75,
      xp: 20,
      topics: 0,
    });
    expect(metrics.streaks).eql({ current: 1, longest: 2, lastStudyDay: AS_OF });
  });

  it('counts distinct topics of a window', () => {
    const topicDays = [
      { topicId: 'a', studyDay: AS_OF },
      { topicId: 'a', studyDay: addDays(AS_OF, -1) },
      { topicId: 'b', studyDay: addDays(AS_OF, -20) },
    ];
    const { last7Days, last30Days } = computeLearningMetrics({ ...factsOf([]), topicDays });
    expect([last7Days.topics, last30Days.topics]).eql([1, 2]);
  });

  it('sorts topics with a score into mastered, weak and in progress, and names the five lowest', () => {
    const topics = [
      { topicId: 'h', score: 0.9, evidence: 'enough' },
      { topicId: 'g', score: 0.95, evidence: 'not_enough_data' },
      { topicId: 'f', score: 0.29, evidence: 'not_enough_data' },
      { topicId: 'e', score: 0.3, evidence: 'enough' },
      { topicId: 'd', score: 0.1, evidence: 'enough' },
      { topicId: 'c', score: 0.1, evidence: 'enough' },
      { topicId: 'b', score: null, evidence: 'none' },
    ] as const;
    const metrics = computeLearningMetrics({ ...factsOf([]), topics });
    expect(metrics).include({ topicsMastered: 1, topicsWeak: 3, topicsInProgress: 2 });
    expect(metrics.meanMastery).closeTo((0.9 + 0.95 + 0.29 + 0.3 + 0.1 + 0.1) / 6, 1e-12);
    expect(metrics.focusTopics).eql(['c', 'd', 'f', 'e', 'h']);
  });

  it('has no mean without a score and no accuracy without an answer', () => {
    const metrics = computeLearningMetrics({
      ...factsOf([]),
      topics: [{ topicId: 'a', score: null, evidence: 'none' }],
    });
    expect(metrics).include({ meanMastery: null, topicsMastered: 0, topicsInProgress: 0, topicsWeak: 0 });
    expect(metrics.focusTopics).eql([]);
    expect(metrics.allTime.accuracy).equal(null);
  });

  it('does not depend on the order of the rows, to the bit', () => {
    const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(scores, (list) => {
        const topics = list.map((score, index) => ({ topicId: `t${index}`, score, evidence: 'enough' as const }));
        const days = list.map((_, index) => day(addDays(AS_OF, -index * 9)));
        expect(computeLearningMetrics({ ...factsOf(days.toReversed()), topics: topics.toReversed() })).eql(
          computeLearningMetrics({ ...factsOf(days), topics }),
        );
      }),
    );
  });
});
