import { asOfDay, computeLearningMetrics } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import type { LatestTopicDay, StoredDay } from '../../stores/derived-day-store.ts';
import type { TopicScoreRow } from '../../stores/mastery-store.ts';
import { saveLearningMetrics } from '../../stores/metrics-store.ts';

export type MetricsLearner = {
  readonly userId: string;
  /** All of them, oldest first. */
  readonly storedDays: readonly StoredDay[];
  /** The latest of each topic. */
  readonly topicDays: readonly LatestTopicDay[];
  readonly topics: readonly TopicScoreRow[];
  readonly night: string | null;
};

/** Sends the rolling windows of learners as of the later of the study day of their newest fact and the last night's day. */
export function refreshMetrics(tx: Tx, learners: readonly MetricsLearner[]): void {
  saveLearningMetrics(
    tx,
    learners.flatMap(({ userId, storedDays, topicDays, topics, night }) => {
      const newestDay = storedDays.at(-1)?.studyDay;
      if (newestDay === undefined) return []; // no fact, no metrics
      const day = asOfDay(newestDay, night);
      const facts = { days: storedDays, topicDays, topics, asOfDay: day };
      return [{ userId, metrics: computeLearningMetrics(facts), asOfDay: day }];
    }),
  );
}
