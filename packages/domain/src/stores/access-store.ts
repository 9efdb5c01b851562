import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type AccessEntry = {
  readonly actorId: string;
  readonly actorRole: string;
  /** The learner's keyed hash; their id is nowhere in this table. */
  readonly subjects: readonly Buffer[];
  readonly action: string;
  readonly reason: string | null;
  readonly requestId: string | null;
};

export type StoredAccess = Omit<AccessEntry, 'subjects'> & { readonly id: string; readonly at: Date };

// Whole milliseconds, as cursors have them.
const insertEntries = statement(
  'access.insert_entries',
  `insert into access_log (at, actor_id, actor_role, subject, action, reason, request_id)
  select date_trunc('milliseconds', now()), $1::uuid, $2::text, s.subject, $4::text, $5::text, $6::text
  from unnest($3::bytea[]) as s (subject)`,
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
  { actorId, actorRole, subjects, action, reason, requestId }: AccessEntry,
): Promise<void> {
  await tx.query(insertEntries, [actorId, actorRole, subjects, action, reason, requestId]);
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
