import { asOfDay, computeLearningMetrics } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import type { LatestTopicDay, StoredDay } from '../../stores/derived-day-store.ts';
import { saveLearningMetrics } from '../../stores/metrics-store.ts';
import { storedReadiness } from '../learner-readiness.ts';
import type { ReadinessRules } from '../learner-readiness.ts';
import type { CurrentTopic } from './refresh-mastery.ts';

export type MetricsLearner = {
  readonly userId: string;
  /** All of them, oldest first. */
  readonly storedDays: readonly StoredDay[];
  /** The latest of each topic. */
  readonly topicDays: readonly LatestTopicDay[];
  readonly topics: readonly CurrentTopic[];
  /** θ_u, and the answers that it was estimated from. */
  readonly theta: number;
  readonly answers: number;
  readonly night: string | null;
};

/** Sends the rolling windows of learners as of the later of the study day of their newest fact and the last night's day. */
export function refreshMetrics(tx: Tx, learners: readonly MetricsLearner[], rules: ReadinessRules): void {
  saveLearningMetrics(
    tx,
    learners.flatMap(({ userId, storedDays, topicDays, topics, theta, answers, night }) => {
      const newestDay = storedDays.at(-1)?.studyDay;
      if (newestDay === undefined) return []; // no fact, no metrics
      const day = asOfDay(newestDay, night);
      const facts = { days: storedDays, topicDays, topics, asOfDay: day };
      const readiness = storedReadiness({ theta, answers, topics }, rules);
      return [{ userId, metrics: computeLearningMetrics(facts), readiness, asOfDay: day }];
    }),
  );
}
