import { elapsedStudyDays, retrievabilityOn } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { findDueReviews } from '../stores/dashboard-review-store.ts';
import { requireLearner } from './require-learner.ts';

export type ReviewQueue = {
  /** The study day on which these are due. */
  readonly asOf: string;
  /** All that are due, of which the columns show the first. */
  readonly total: number;
  /** Each column has one entry for each question: the overdue first, then the most forgotten first. */
  readonly questionIds: readonly string[];
  readonly topicIds: readonly string[];
  readonly dueDays: readonly string[];
  /** 0 for what is due on the day itself. */
  readonly overdueDays: readonly number[];
  readonly intervalDays: readonly number[];
  /** Chance of recall on the day; null from a scheduler that keeps no model of memory. */
  readonly retrievability: readonly (number | null)[];
  readonly lastAnsweredOn: readonly string[];
};

/** A learner's questions that are due for review. Throws `not_found` for an unknown learner. */
export async function listDueReviews(
  { database }: Pick<App, 'database'>,
  { userId, today, limit }: { readonly userId: string; readonly today: string; readonly limit: number },
): Promise<ReviewQueue> {
  const rows = await findDueReviews(database.reader, { userId, today, limit });
  if (rows.length === 0) await requireLearner(database.reader, userId);
  return {
    asOf: today,
    total: rows[0]?.total ?? 0,
    questionIds: rows.map((row) => row.questionId),
    topicIds: rows.map((row) => row.topicId),
    dueDays: rows.map((row) => row.dueDay),
    overdueDays: rows.map((row) => elapsedStudyDays(row.dueDay, today)),
    intervalDays: rows.map((row) => row.intervalDays),
    retrievability: rows.map((row) => retrievabilityOn(row, today)),
    lastAnsweredOn: rows.map((row) => row.lastStudyDay),
  };
}
