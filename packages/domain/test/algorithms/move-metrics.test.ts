import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, computeLearningMetrics, moveLearningMetrics } from '@studyin/domain/algorithms';

const START = '2026-01-01';

const dayRows = fc.uniqueArray(fc.nat(200), { maxLength: 60 }).chain((offsets) =>
  fc.tuple(
    ...offsets.map((offset) =>
      fc.record({
        studyDay: fc.constant(addDays(START, offset)),
        sessions: fc.nat(4),
        totalSeconds: fc.nat(4_000),
        activeSeconds: fc.nat(900),
        questionsAttempted: fc.nat(3),
        questionsCorrect: fc.constant(0),
        xpEarned: fc.nat(50),
      }),
    ),
  ),
);
const topicDays = fc.array(
  fc.record({ topicId: fc.constantFrom('a', 'b', 'c'), studyDay: fc.nat(200).map((n) => addDays(START, n)) }),
);
const topics = fc.constant([
  { topicId: 'a', score: 0.9, evidence: 'enough' as const },
  { topicId: 'b', score: 0.2, evidence: 'enough' as const },
  { topicId: 'c', score: null, evidence: 'none' as const },
]);

describe('an overview that is moved to a later day', () => {
  it('is the one computed from all rows, though it sees those of 90 days', () => {
    fc.assert(
      fc.property(dayRows, topicDays, topics, fc.nat(150), (days, allTopicDays, scores, later) => {
        const newest =
          [START, ...days.map((day) => day.studyDay), ...allTopicDays.map((day) => day.studyDay)].sort().at(-1) ??
          START;
        const all = { days, topicDays: allTopicDays, topics: scores };
        const stored = computeLearningMetrics({ ...all, topics: [], asOfDay: newest });
        const asOfDay = addDays(newest, later);
        const isRecent = (row: { readonly studyDay: string }): boolean => row.studyDay > addDays(asOfDay, -90);
        const recent = { topics: scores, days: days.filter(isRecent), topicDays: allTopicDays.filter(isRecent) };
        expect(moveLearningMetrics({ ...stored, asOfDay: newest }, { ...recent, asOfDay })).eql(
          computeLearningMetrics({ ...all, asOfDay }),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is not moved back', () => {
    const stored = computeLearningMetrics({ days: [], topicDays: [], topics: [], asOfDay: START });
    const facts = { days: [], topicDays: [], topics: [], asOfDay: addDays(START, -1) };
    expect(() => moveLearningMetrics({ ...stored, asOfDay: START }, facts)).throw(RangeError);
  });
});
