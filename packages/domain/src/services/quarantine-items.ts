// What becomes of a rejected item. One that a later curriculum may accept is kept whole, but for its session id, which is kept in
// the stored form; of other faults only type, reason and place; of a wrong clock and of an erased learner nothing.
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { isEventType, isPlainObject, parseEvent, storedSessionId } from '../events/index.ts';
import type { ParsedEvent, RejectReason } from '../events/index.ts';
import { insertQuarantine, lockQuarantineRoom } from '../stores/quarantine-store.ts';
import type { QuarantineReason, QuarantineRow } from '../stores/quarantine-store.ts';
import { findSessionIds } from '../stores/session-store.ts';
import type { ItemResult, Origin, RecordItem } from './record-events.ts';
import { subjectOf } from './subject.ts';

/** Rows of one learner and day (UTC) at most, so that no client can fill the table; more are counted in the log only. */
export const QUARANTINE_ROWS_PER_DAY = 1_000;

/** An item as it can be recorded again: a wire event whose session id is the stored one, and where it came from. */
export type KeptItem = { readonly event: Readonly<Record<string, unknown>>; readonly origin: Origin };

type Rejected = { readonly item: RecordItem; readonly result: ItemResult; readonly reason: QuarantineReason };

/**
 * Puts rejected items into quarantine, in a transaction of its own: call it before they are answered, so that none is lost in
 * silence. Idempotent for items with an id. Throws `unavailable`; repeating the call records nothing twice.
 */
export async function quarantineItems(
  app: Pick<App, 'database' | 'keys' | 'clock' | 'log'>,
  items: readonly RecordItem[],
  results: readonly ItemResult[],
): Promise<void> {
  const rejected = items.flatMap((item, position): readonly Rejected[] => {
    const result = results[position];
    const reason = keptReason(result?.reason);
    return result === undefined || reason === null ? [] : [{ item, result, reason }];
  });
  if (rejected.length === 0) return;
  const dropped = await app.database.transaction((tx) => keep(app, tx, rejected));
  if (dropped > 0) app.log.warn({ event: 'quarantine.full', dropped });
}

function keptReason(reason: RejectReason | undefined): QuarantineReason | null {
  return reason === undefined || reason === 'clock_skew' || reason === 'erased' ? null : reason;
}

async function keep(app: Pick<App, 'keys' | 'clock'>, tx: Tx, rejected: readonly Rejected[]): Promise<number> {
  const { fixedAt } = app.clock;
  const byLearner = Map.groupBy(rejected, ({ item }) => item.userId.toLowerCase());
  const learners = [...byLearner.keys()]
    .sort()
    .map((userId) => ({ userId, subject: subjectOf(app.keys.subject, userId) }));
  const rooms = await lockQuarantineRoom(tx, learners, { cap: QUARANTINE_ROWS_PER_DAY, fixedAt });
  const kept: { readonly userId: string; readonly one: Rejected }[] = [];
  let dropped = 0;
  for (const { userId, kept: before, isErased } of rooms) {
    const own = isErased ? [] : (byLearner.get(userId) ?? []);
    const room = Math.max(0, QUARANTINE_ROWS_PER_DAY - before);
    dropped += Math.max(0, own.length - room);
    for (const one of own.slice(0, room)) kept.push({ userId, one });
  }
  const sessions = await storedSessions(app, tx, kept);
  const rows = kept.map(({ userId, one }) => rowOf(userId, one, sessions));
  await insertQuarantine(tx, rows, { fixedAt });
  return dropped;
}

type SessionOf = (userId: string, event: ParsedEvent) => string;

/** The stored form of session ids; while a key is rotated, a session that began under the previous one keeps its id. */
async function storedSessions(
  { keys }: Pick<App, 'keys'>,
  tx: Tx,
  kept: readonly { readonly userId: string; readonly one: Rejected }[],
): Promise<SessionOf> {
  const { session, sessionPrevious } = keys;
  if (sessionPrevious === undefined) return (userId, event) => storedSessionId(session, userId, event.sessionId);
  const previous = kept.flatMap(({ userId, one }) => {
    const parsed = parseEvent(one.item.input);
    return parsed.ok ? [{ userId, id: storedSessionId(sessionPrevious, userId, parsed.event.sessionId) }] : [];
  });
  const known = await findSessionIds(tx, previous);
  return (userId, event) => {
    const before = storedSessionId(sessionPrevious, userId, event.sessionId);
    return known.has(before) ? before : storedSessionId(session, userId, event.sessionId);
  };
}

function rowOf(userId: string, { item, result, reason }: Rejected, sessionOf: SessionOf): QuarantineRow {
  const eventType = isPlainObject(item.input) ? item.input['eventType'] : null;
  const parsed = reason === 'unknown_topic' || reason === 'unknown_material' ? parseEvent(item.input) : null;
  return {
    userId,
    eventId: result.eventId,
    eventType: isEventType(eventType) ? eventType : null,
    reason,
    path: result.path ?? null,
    item: parsed?.ok === true ? keptItem(parsed.event, sessionOf(userId, parsed.event), item.origin) : null,
  };
}

function keptItem(event: ParsedEvent, sessionId: string, origin: Origin): KeptItem {
  const { eventId, eventType, timezone, materialId, chunkId, questionId, topicId } = event;
  const { name, ...properties } = event.properties;
  const isCustom = eventType === 'custom';
  const optional = { timezone, materialId, chunkId, questionId, topicId };
  return {
    event: {
      eventType,
      eventId,
      sessionId,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
      ...(isCustom ? { name } : {}),
      properties: isCustom ? properties : event.properties,
    },
    origin,
  };
}
