import { z } from 'zod';
import { elapsedStudyDays, retrievabilityOn } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { findDueReviews } from '../stores/dashboard-review-store.ts';
import { createKeyCursor, pageOf } from './page-cursor.ts';

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
  readonly nextCursor: string | null;
};

export type ReviewQuery = {
  readonly userId: string;
  readonly today: string;
  readonly limit: number;
  /** Its page's study day goes on being the day, also past midnight: another day has another order. */
  readonly cursor?: string | null | undefined;
};

const cursors = createKeyCursor(
  'reviewQueue',
  z.strictObject({
    asOf: z.iso.date(),
    forgotten: z.number().min(0).nullable(),
    dueDay: z.iso.date(),
    questionId: z.guid(),
  }),
);

/** A learner's questions that are due for review. Throws `invalid` for a foreign cursor, `not_found` for an unknown learner. */
export async function listDueReviews(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, today: now, limit, cursor }: ReviewQuery,
): Promise<ReviewQueue> {
  const after = cursors.decode(cursor);
  const today = after?.asOf ?? now;
  const due = await findDueReviews(database.reader, { userId, today, after, limit: limit + 1 });
  if (due.length === 0) await requireLearner(database.reader, userId);
  const { items: rows, nextCursor } = pageOf(due, {
    limit,
    cursorOf: ({ forgotten, dueDay, questionId }) => cursors.encode({ asOf: today, forgotten, dueDay, questionId }),
  });
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
    nextCursor,
  };
}
