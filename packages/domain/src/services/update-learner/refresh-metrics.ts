import { computeLearningMetrics } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listLatestTopicDays } from '../../stores/derived-day-store.ts';
import type { StoredDay } from '../../stores/derived-day-store.ts';
import { listTopicScores } from '../../stores/mastery-store.ts';
import { saveLearningMetrics } from '../../stores/metrics-store.ts';

/** Writes the learner's rolling windows as of the study day of their newest fact. */
export async function refreshMetrics(
  tx: Tx,
  { userId, storedDays }: { readonly userId: string; readonly storedDays: readonly StoredDay[] },
): Promise<void> {
  const asOfDay = storedDays.at(-1)?.studyDay;
  if (asOfDay === undefined) return; // no fact, no metrics
  const topicDays = await listLatestTopicDays(tx, userId);
  const metrics = computeLearningMetrics({
    days: storedDays,
    topicDays,
    topics: await listTopicScores(tx, userId),
    asOfDay,
  });
  await saveLearningMetrics(tx, userId, { metrics, asOfDay });
}
