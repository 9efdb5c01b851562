import type { App } from '../app.ts';
import { eventTimeMs } from '../events/index.ts';
import { findAttemptNumbersOf } from '../stores/attempt-store.ts';
import type { AttemptNumber } from '../stores/attempt-store.ts';

/** A stored answer. */
export type AttemptId = { readonly userId: string; readonly questionId: string; readonly eventId: string };

/**
 * The number of each stored answer among the learner's answers to its question, as known now, and its verdict; in the order asked,
 * `null` where it is not stored.
 */
export function findAttemptNumbers(
  app: Pick<App, 'database'>,
  attempts: readonly AttemptId[],
): Promise<readonly (AttemptNumber | null)[]> {
  return findAttemptNumbersOf(
    app.database.reader,
    attempts.map(({ userId, questionId, eventId }) => ({
      userId,
      questionId,
      id: eventId,
      attemptedAt: new Date(eventTimeMs(eventId)),
    })),
  );
}
