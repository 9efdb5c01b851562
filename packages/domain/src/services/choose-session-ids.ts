import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { storedSessionId } from '../events/index.ts';
import { findSessionIds } from '../stores/session-store.ts';
import type { AcceptableItem } from './record-events.ts';

/**
 * The stored form of each item's session id, by position. While a previous key is set, a session that exists under it keeps
 * that id, so that a rotation splits no session.
 */
export async function chooseSessionIds(
  app: Pick<App, 'keys'>,
  tx: Tx,
  items: readonly AcceptableItem[],
): Promise<ReadonlyMap<number, string>> {
  const { session, sessionPrevious } = app.keys;
  const current = new Map(
    items.map(({ position, userId, event }) => [position, storedSessionId(session, userId, event.sessionId)]),
  );
  if (sessionPrevious === undefined) return current;
  const previous = items.map(({ position, userId, event }) => ({
    position,
    userId,
    id: storedSessionId(sessionPrevious, userId, event.sessionId),
  }));
  const kept = await findSessionIds(tx, previous);
  return new Map([
    ...current,
    ...previous.filter(({ id }) => kept.has(id)).map(({ position, id }) => [position, id] as const),
  ]);
}
