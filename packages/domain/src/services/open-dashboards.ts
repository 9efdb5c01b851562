import type { App } from '../app.ts';
import type { Reader } from '../database/index.ts';
import { utcDayOf } from '../algorithms/index.ts';
import { countDueQuestions } from '../stores/dashboard-question-store.ts';
import { findOwnWatermark, findWatermark, findWatermarks } from './find-watermark.ts';
import { getFirstAttemptAccuracy } from './get-first-attempt-accuracy.ts';
import { getHeatmap } from './get-heatmap.ts';
import { getMaterialProgress } from './get-material-progress.ts';
import { getOverview } from './get-overview.ts';
import { getQuestionHistory } from './get-question-history.ts';
import { getTopicTrend } from './get-topic-trend.ts';
import { listDueReviews } from './list-due-reviews.ts';
import { listGaps } from './list-gaps.ts';
import { listMastery } from './list-mastery.ts';
import { listSessions } from './list-sessions.ts';
import { knownLearner } from './require-learner.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Asks on one connection what dashboards ask, about a learner who is nobody: a server plans a statement when a connection first runs
 * it, and reads its catalogue for that, which takes up to a hundred milliseconds with many months. Throws what the connection throws.
 */
export async function openDashboards(
  app: Pick<App, 'database' | 'clock' | 'studyDayAt' | 'zones'>,
  reader: Reader,
): Promise<void> {
  const by = { ...app, database: { ...app.database, reader }, requireLearner: knownLearner };
  const userId = NOBODY;
  const today = utcDayOf(Date.now());
  await findWatermark(by, { userId });
  await findOwnWatermark(by, { userId });
  await findWatermarks(by, [userId]);
  // One of them says that there is no such topic.
  await Promise.allSettled([
    getOverview(by, { userId }),
    getHeatmap(by, { userId, today, days: 1 }),
    listSessions(by, { userId, today, days: 1, limit: 1 }),
    listMastery(by, { userId, limit: 1 }),
    listGaps(by, { userId, limit: 1 }),
    getTopicTrend(by, { userId, topicId: NOBODY, today, days: 1 }),
    getQuestionHistory(by, { userId, questionId: NOBODY, limit: 1 }),
    getFirstAttemptAccuracy(by, { userId, today, days: 1 }),
    getMaterialProgress(by, { userId, limit: 1 }),
    listDueReviews(by, { userId, today, limit: 1 }),
    countDueQuestions(reader, { userId, studyDay: today }),
  ]);
}
