import { asOfDay, computeLearningMetrics } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listLatestTopicDays } from '../../stores/derived-day-store.ts';
import type { StoredDay } from '../../stores/derived-day-store.ts';
import type { TopicScoreRow } from '../../stores/mastery-store.ts';
import { saveLearningMetrics } from '../../stores/metrics-store.ts';

export type MetricsLearner = {
  readonly userId: string;
  /** All of them, oldest first. */
  readonly storedDays: readonly StoredDay[];
  readonly topics: readonly TopicScoreRow[];
  readonly night: string | null;
};

/** Writes the rolling windows of learners as of the later of the study day of their newest fact and the last night's day. */
export async function refreshMetrics(tx: Tx, learners: readonly MetricsLearner[]): Promise<void> {
  const userIds = learners.map(({ userId }) => userId);
  const topicDays = Map.groupBy(await listLatestTopicDays(tx, userIds), ({ userId }) => userId);
  await saveLearningMetrics(
    tx,
    learners.flatMap(({ userId, storedDays, topics, night }) => {
      const newestDay = storedDays.at(-1)?.studyDay;
      if (newestDay === undefined) return []; // no fact, no metrics
      const day = asOfDay(newestDay, night);
      const facts = { days: storedDays, topicDays: topicDays.get(userId) ?? [], topics, asOfDay: day };
      return [{ userId, metrics: computeLearningMetrics(facts), asOfDay: day }];
    }),
  );
}
