// Brute force: every row that follows from one learner's facts, computed from the first fact on by the pure functions of
// algorithms/. No progress, no store and no statement of those who write the rows; where facts were dropped for their age, it goes on
// from what was kept of them.
import { emptyLearnerState, foldAnswers } from '../../algorithms/index.ts';
import type { GapVersion, MasteryModel, Scheduler } from '../../algorithms/index.ts';
import type { VerifiedCurriculum } from '../../stores/verify-curriculum-store.ts';
import type { Row, VerifiedName } from '../../stores/verify-tables.ts';
import { expectedQuestionProgress, materialsOf, reviewsOf } from './expected-answers.ts';
import type { MaterialIds } from './expected-answers.ts';
import { computeDays, expectedDaily, expectedTopicDaily, expectedWeekly, withPast } from './expected-days.ts';
import { expectedGaps } from './expected-gaps.ts';
import { expectedMetrics, expectedTopicMastery, topicsOf } from './expected-mastery.ts';
import { expectedInteractions, expectedSessionCounters } from './expected-projections.ts';
import { expectedSessionTimes, sessionsOf } from './expected-sessions.ts';
import type { LearnerFacts } from './learner-facts.ts';
import type { Past } from './past.ts';

export type ExpectedRows = Readonly<Record<VerifiedName, readonly Row[]>>;

export type ExpectedInput = {
  readonly materialIds: MaterialIds;
  /** Study day → the goal that its stored row was judged by. */
  readonly goals: ReadonlyMap<string, number>;
  /** The last night applied to the learner: when it came is the operator's, so it is taken as stored. */
  readonly night: string | null;
  readonly curriculum: VerifiedCurriculum;
  /** Those that the learner's rows say they were made by. */
  readonly model: MasteryModel;
  readonly scheduler: Scheduler;
  readonly gapVersion: GapVersion;
  readonly metricsVersion: number;
  /** What is left of facts that were dropped; null where all are there. */
  readonly past: Past | null;
};

export function computeExpectedRows(facts: LearnerFacts, given: ExpectedInput): ExpectedRows {
  const { materialIds, goals, night, curriculum, model, scheduler, gapVersion, metricsVersion, past } = given;
  const { userId } = facts;
  const materials = materialsOf(facts, { idsByTopic: materialIds, past });
  const answers = facts.attempts.filter(({ atMs }) => past === null || atMs >= past.boundaryMs);
  const fold = foldAnswers(past?.learner ?? emptyLearnerState, answers, { materials, model });
  const sessions = sessionsOf(facts);
  const firstAttempts = new Map([...fold.state.questions].map(([questionId, { firstId }]) => [questionId, firstId]));
  const open = computeDays(facts, { sessions, firstAttempts, masteryOfDays: fold.topicDays, goals, past });
  const days = withPast(open, past);
  const reviews = reviewsOf(answers, { scheduler, past });
  const input = { fold, materials, model, reviews, days, night };
  const topics = topicsOf(facts, { ...input, past });
  return {
    sessionCounters: expectedSessionCounters(facts),
    interactions: expectedInteractions(facts),
    sessionTimes: expectedSessionTimes(userId, sessions),
    questionProgress: expectedQuestionProgress(userId, { fold, reviews, scheduler, past }),
    topicMastery: expectedTopicMastery(userId, topics, input),
    daily: expectedDaily(userId, open),
    weekly: expectedWeekly(userId, days),
    topicDaily: expectedTopicDaily(userId, open),
    metrics: expectedMetrics(userId, topics, { ...input, curriculum, version: metricsVersion }),
    gaps: expectedGaps(facts, { ...input, topics, curriculum, past, version: gapVersion }),
  };
}
