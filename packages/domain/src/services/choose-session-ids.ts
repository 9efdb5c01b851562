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
  const current = storedIds(session, items);
  if (sessionPrevious === undefined) return new Map(current.map(({ position, id }) => [position, id]));
  const previous = storedIds(sessionPrevious, items);
  const kept = await findSessionIds(tx, previous);
  return new Map([...current, ...previous.filter(({ id }) => kept.has(id))].map(({ position, id }) => [position, id]));
}

type StoredId = { readonly position: number; readonly userId: string; readonly id: string };

// A batch has many events of few sessions, and an id costs a hash.
function storedIds(key: string, items: readonly AcceptableItem[]): readonly StoredId[] {
  const known = new Map<string, string>();
  return items.map(({ position, userId, event }) => {
    const session = `${userId}/${event.sessionId}`;
    const id = known.get(session) ?? storedSessionId(key, userId, event.sessionId);
    known.set(session, id);
    return { position, userId, id };
  });
}
