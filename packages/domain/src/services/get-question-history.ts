import type { App } from '../app.ts';
import { isoOfText } from '../database/index.ts';
import { findQuestionAttempts, findQuestionProgress } from '../stores/dashboard-question-store.ts';
import type { QuestionAttemptRow } from '../stores/dashboard-question-store.ts';
import { decodeCursor, encodeCursor, pageOf } from './page-cursor.ts';

export type QuestionAttemptItem = {
  readonly eventId: string;
  /** Among all of the learner's answers to the question, by event time. */
  readonly attemptNumber: number;
  readonly attemptedAt: string;
  readonly studyDay: string;
  readonly sessionId: string;
  readonly topicId: string;
  readonly selectedAnswer: string;
  readonly correctAnswer: string | null;
  readonly isCorrect: boolean;
  readonly timeToAnswerSeconds: number;
  readonly confidenceLevel: number | null;
  readonly hintUsed: boolean;
  readonly explanationViewed: boolean;
  /** Study days; null for the first attempt. */
  readonly daysSinceLastAttempt: number | null;
};

export type QuestionHistory = {
  /** The instant at which the due day and the counts were computed; null before that. */
  readonly asOf: string | null;
  readonly questionId: string;
  readonly attemptsTotal: number;
  readonly correctTotal: number;
  readonly dueDay: string | null;
  readonly intervalDays: number | null;
  /** Newest first. */
  readonly attempts: readonly QuestionAttemptItem[];
  readonly nextCursor: string | null;
};

export type HistoryQuery = {
  readonly userId: string;
  readonly questionId: string;
  readonly limit: number;
  readonly cursor?: string | null | undefined;
};

/**
 * A learner's answers to one question, and when it is due again. Throws `invalid` for a foreign cursor, `not_found` for an unknown
 * learner.
 */
export async function getQuestionHistory(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, questionId, limit, cursor }: HistoryQuery,
): Promise<QuestionHistory> {
  const before = decodeCursor(cursor);
  const [attempts, progress] = await Promise.all([
    findQuestionAttempts(database.reader, { userId, questionId, before, limit: limit + 1 }),
    findQuestionProgress(database.reader, { userId, questionId }),
  ]);
  if (attempts.length === 0 && progress === null) await requireLearner(database.reader, userId);
  const { items, nextCursor } = pageOf(attempts, {
    limit,
    cursorOf: (row) => encodeCursor({ at: new Date(isoOfText(row.attemptedAt)), id: row.id }),
  });
  return {
    asOf: isoOfText(progress?.asOf ?? null),
    questionId,
    attemptsTotal: progress?.attempts ?? 0,
    correctTotal: progress?.correct ?? 0,
    dueDay: progress?.dueDay ?? null,
    intervalDays: progress?.intervalDays ?? null,
    attempts: items.map(attemptItem),
    nextCursor,
  };
}

function attemptItem({ id, attemptedAt, ...row }: QuestionAttemptRow): QuestionAttemptItem {
  return { eventId: id, attemptedAt: isoOfText(attemptedAt), ...row };
}
