import { addDays } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { findDueDays } from '../stores/dashboard-review-store.ts';

export type ReviewForecast = {
  readonly asOf: string;
  /** From today on, every day. */
  readonly days: readonly string[];
  /** Questions due on each of the days; the overdue count today. */
  readonly due: readonly number[];
  readonly overdue: number;
};

/**
 * How many reviews the next days bring, today among them, if nothing is answered until then. Throws `not_found` for an unknown
 * learner.
 */
export async function getReviewForecast(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, today, days }: { readonly userId: string; readonly today: string; readonly days: number },
): Promise<ReviewForecast> {
  const rows = await findDueDays(database.reader, { userId, today, lastDay: addDays(today, days - 1) });
  if (rows.length === 0) await requireLearner(database.reader, userId);
  const dueOn = new Map(rows.map(({ day, due }) => [day, due]));
  const calendar = Array.from({ length: days }, (_, n) => addDays(today, n));
  return {
    asOf: today,
    days: calendar,
    due: calendar.map((day) => dueOn.get(day) ?? 0),
    overdue: rows.reduce((sum, { overdue }) => sum + overdue, 0),
  };
}
