import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';
import { shareErasureLocks } from './erasure-store.ts';

export type QuarantineReason = 'invalid' | 'invalid_text' | 'pii' | 'too_old' | 'unknown_topic' | 'unknown_material';

export type QuarantineRow = {
  readonly userId: string;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly reason: QuarantineReason;
  readonly path: string | null;
  readonly item: object | null;
};

export type StoredQuarantineRow = QuarantineRow & { readonly id: string; readonly receivedAt: Date };

export type QuarantineRoom = {
  readonly userId: string;
  /** Rows of this day, counted up to the cap. */
  readonly kept: number;
  readonly isErased: boolean;
};

const selectRoom = statement(
  'quarantine.room',
  `select k.user_id as "userId",
    (select count(*)::int from (
      select from rejected_events r
      where r.user_id = k.user_id
        and r.received_at >= date_trunc('day', coalesce($4::timestamptz, now()) at time zone 'UTC') at time zone 'UTC'
      limit $3) today) as kept,
    exists (select from erased_learners e where e.subject = k.subject) as "isErased"
  from unnest($1::uuid[], $2::bytea[]) as k (user_id, subject)`,
);

// Whole milliseconds, as cursors have them.
const insertAll = statement(
  'quarantine.insert',
  `insert into rejected_events (user_id, event_id, event_type, reason, path, item, received_at)
  select r.user_id, r.event_id, r.event_type, r.reason, r.path, r.item, date_trunc('milliseconds', coalesce($7::timestamptz, now()))
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
    as r (user_id, event_id, event_type, reason, path, item)
  order by r.user_id, r.event_id, r.reason
  on conflict (user_id, event_id, reason) do nothing`,
);

const selectPage = statement(
  'quarantine.list',
  `select id, user_id as "userId", event_id as "eventId", event_type as "eventType", reason, path, item, received_at as "receivedAt"
  from rejected_events
  where ($1::text is null or reason = $1)
    and ($2::uuid is null or user_id = $2)
    and ($3::timestamptz is null or received_at >= $3)
    and ($4::timestamptz is null or (received_at, id) > ($4, $5::uuid))
    and (item is not null or not $7::boolean)
  order by received_at, id
  limit $6`,
);

const countByReason = statement(
  'quarantine.count',
  `select reason, count(*)::int as items, count(item)::int as replayable
  from rejected_events
  where ($1::text is null or reason = $1)
    and ($2::uuid is null or user_id = $2)
    and ($3::timestamptz is null or received_at >= $3)
  group by reason
  order by items desc, reason`,
);

const deleteAll = statement(
  'quarantine.delete',
  `delete from rejected_events
  where id = any($1::uuid[])`,
);

/** Keeps learners from being erased to the end of the transaction, and says how many rows each has of this day. */
export async function lockQuarantineRoom(
  tx: Tx,
  learners: readonly { readonly userId: string; readonly subject: Buffer }[],
  { cap, fixedAt }: { readonly cap: number; readonly fixedAt: Date | null },
): Promise<readonly QuarantineRoom[]> {
  const subjects = learners.map(({ subject }) => subject);
  await shareErasureLocks(tx, subjects);
  return tx.query<QuarantineRoom>(selectRoom, [learners.map(({ userId }) => userId), subjects, cap, fixedAt]);
}

/** Inserts rows; one that was there already, by learner, event and reason, stays as it is. */
export async function insertQuarantine(
  tx: Tx,
  rows: readonly QuarantineRow[],
  { fixedAt }: { readonly fixedAt: Date | null },
): Promise<void> {
  if (rows.length === 0) return;
  const column = <K extends keyof QuarantineRow>(key: K): QuarantineRow[K][] => rows.map((row) => row[key]);
  await tx.query(insertAll, [
    column('userId'),
    column('eventId'),
    column('eventType'),
    column('reason'),
    column('path'),
    rows.map(({ item }) => (item === null ? null : JSON.stringify(item))),
    fixedAt,
  ]);
}

/** What is looked at; null: all of it. */
export type QuarantineFilter = {
  readonly reason: QuarantineReason | null;
  readonly userId: string | null;
  /** Received then or later. */
  readonly since: Date | null;
};

export type QuarantinePage = QuarantineFilter & {
  readonly after: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
  /** Only those that hold their item. */
  readonly isReplayable: boolean;
};

/** Rows in order of arrival. */
export function listQuarantineRows(
  reader: Reader,
  { reason, userId, since, after, limit, isReplayable }: QuarantinePage,
): Promise<readonly StoredQuarantineRow[]> {
  return reader.query<StoredQuarantineRow>(selectPage, [
    reason,
    userId,
    since,
    after?.at ?? null,
    after?.id ?? null,
    limit,
    isReplayable,
  ]);
}

export type QuarantineCount = {
  readonly reason: QuarantineReason;
  readonly items: number;
  /** Of these, those that hold their item. */
  readonly replayable: number;
};

/** Rows by reason, the most frequent first. */
export function countQuarantineRows(
  reader: Reader,
  { reason, userId, since }: QuarantineFilter,
): Promise<readonly QuarantineCount[]> {
  return reader.query<QuarantineCount>(countByReason, [reason, userId, since]);
}

export async function deleteQuarantine(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.query(deleteAll, [ids]);
}
