import type { App } from '../app.ts';
import { eventTimeMs } from '../events/index.ts';
import { findAttemptNumberOf } from '../stores/attempt-store.ts';
import type { AttemptNumber } from '../stores/attempt-store.ts';

/** The number of a stored answer among the learner's answers to its question, as known now; `null` where it is not stored. */
export function findAttemptNumber(
  app: Pick<App, 'database'>,
  { userId, eventId }: { readonly userId: string; readonly eventId: string },
): Promise<AttemptNumber | null> {
  return findAttemptNumberOf(app.database.reader, { userId, id: eventId, attemptedAt: new Date(eventTimeMs(eventId)) });
}
