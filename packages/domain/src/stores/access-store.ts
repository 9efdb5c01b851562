import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type AccessEntry = {
  readonly actorId: string;
  readonly actorRole: string;
  readonly action: string;
  readonly requestId: string | null;
};

export type AccessSubject = {
  /** The learner's keyed hash; their id is nowhere in this table. */
  readonly subject: Buffer;
  /** Sealed. */
  readonly reason: string | null;
};

export type StoredAccess = AccessEntry & Pick<AccessSubject, 'reason'> & { readonly id: string; readonly at: Date };

// Whole milliseconds, as cursors have them.
const insertEntries = statement(
  'access.insert_entries',
  `insert into access_log (at, actor_id, actor_role, subject, action, reason, request_id)
  select date_trunc('milliseconds', now()), $1::uuid, $2::text, s.subject, $3::text, s.reason, $4::text
  from unnest($5::bytea[], $6::text[]) as s (subject, reason)`,
);

const selectEntries = statement(
  'access.list_entries',
  `select id, at, actor_id as "actorId", actor_role as "actorRole", action, reason, request_id as "requestId"
  from access_log
  where subject = $1
    and ($2::timestamptz is null or (at, id) < ($2, $3::uuid))
  order by at desc, id desc
  limit $4`,
);

/** Adds one row for each subject. */
export async function insertAccessEntries(
  tx: Tx,
  { actorId, actorRole, action, requestId }: AccessEntry,
  subjects: readonly AccessSubject[],
): Promise<void> {
  const columns = [subjects.map(({ subject }) => subject), subjects.map(({ reason }) => reason)];
  await tx.query(insertEntries, [actorId, actorRole, action, requestId, ...columns]);
}

export type AccessPage = {
  readonly subject: Buffer;
  readonly before: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
};

/** One page of what was done with a learner's data, newest first. */
export function listAccessEntries(
  reader: Reader,
  { subject, before, limit }: AccessPage,
): Promise<readonly StoredAccess[]> {
  return reader.query<StoredAccess>(selectEntries, [subject, before?.at ?? null, before?.id ?? null, limit]);
}
