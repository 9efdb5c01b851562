import { addDays } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { isoOfText } from '../database/index.ts';
import { findFirstAttemptDays } from '../stores/dashboard-question-store.ts';
import { accuracyOf, latestOf } from './dashboard-units.ts';

export type FirstAttemptAccuracy = {
  /** The latest instant at which one of the counted questions was computed; null without any. */
  readonly asOf: string | null;
  readonly topicId: string | null;
  /** Questions first tried in the window. */
  readonly questions: number;
  readonly correct: number;
  readonly accuracy: number | null;
  /** The days with a first attempt, oldest first; each column has one entry for each. */
  readonly series: {
    readonly days: readonly string[];
    readonly questions: readonly number[];
    readonly correct: readonly number[];
    readonly accuracy: readonly (number | null)[];
  };
};

export type FirstAttemptQuery = {
  readonly userId: string;
  readonly topicId?: string | undefined;
  readonly today: string;
  readonly days: number;
};

/**
 * How often a learner knew a question at first sight, over the last `days` study days; a question counts in the topic of its
 * first attempt. Throws `not_found` for an unknown learner.
 */
export async function getFirstAttemptAccuracy(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, topicId, today, days }: FirstAttemptQuery,
): Promise<FirstAttemptAccuracy> {
  const query = { userId, topicId: topicId ?? null, fromDay: addDays(today, 1 - days) };
  const rows = await findFirstAttemptDays(database.reader, query);
  if (rows.length === 0) await requireLearner(database.reader, userId);
  const questions = rows.reduce((sum, row) => sum + row.questions, 0);
  const correct = rows.reduce((sum, row) => sum + row.correct, 0);
  return {
    asOf: isoOfText(latestOf(rows.map((row) => row.asOf))),
    topicId: query.topicId,
    questions,
    correct,
    accuracy: accuracyOf(correct, questions),
    series: {
      days: rows.map((row) => row.studyDay),
      questions: rows.map((row) => row.questions),
      correct: rows.map((row) => row.correct),
      accuracy: rows.map((row) => accuracyOf(row.correct, row.questions)),
    },
  };
}
