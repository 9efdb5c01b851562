import { asOfDay, computeLearningMetrics } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listLatestTopicDays } from '../../stores/derived-day-store.ts';
import type { StoredDay } from '../../stores/derived-day-store.ts';
import { listTopicScores } from '../../stores/mastery-store.ts';
import { saveLearningMetrics } from '../../stores/metrics-store.ts';

export type MetricsInput = {
  readonly userId: string;
  readonly storedDays: readonly StoredDay[];
  readonly night: string | null;
};

/** Writes the learner's rolling windows as of the later of the study day of their newest fact and the last night's day. */
export async function refreshMetrics(tx: Tx, { userId, storedDays, night }: MetricsInput): Promise<void> {
  const newestDay = storedDays.at(-1)?.studyDay;
  if (newestDay === undefined) return; // no fact, no metrics
  const day = asOfDay(newestDay, night);
  const topicDays = await listLatestTopicDays(tx, userId);
  const metrics = computeLearningMetrics({
    days: storedDays,
    topicDays,
    topics: await listTopicScores(tx, userId),
    asOfDay: day,
  });
  await saveLearningMetrics(tx, [{ userId, metrics, asOfDay: day }]);
}
