import type { App } from '../app.ts';
import { storedSessionId } from '../events/index.ts';
import { findSessionIds } from '../stores/session-store.ts';

/**
 * The form in which a learner's session is stored and shown. Asked after one of its events is in: while a previous key is set,
 * a session that began under it keeps that id.
 */
export async function findStoredSessionId(
  app: Pick<App, 'database' | 'keys'>,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): Promise<string> {
  const { session, sessionPrevious } = app.keys;
  const current = storedSessionId(session, userId, sessionId);
  if (sessionPrevious === undefined) return current;
  const previous = storedSessionId(sessionPrevious, userId, sessionId);
  const kept = await app.database.transaction((tx) => findSessionIds(tx, [{ userId, id: previous }]));
  return kept.has(previous) ? previous : current;
}
