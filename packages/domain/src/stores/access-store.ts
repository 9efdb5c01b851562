import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

export type AccessEntry = {
  readonly actorId: string;
  readonly actorRole: string;
  /** The learner's keyed hash; their id is nowhere in this table. */
  readonly subjects: readonly Buffer[];
  readonly action: string;
  readonly reason: string | null;
  readonly requestId: string | null;
};

const insertEntries = statement(
  'access.insert_entries',
  `insert into access_log (actor_id, actor_role, subject, action, reason, request_id)
  select $1::uuid, $2::text, s.subject, $4::text, $5::text, $6::text
  from unnest($3::bytea[]) as s (subject)`,
);

/** Adds one row for each subject. */
export async function insertAccessEntries(
  tx: Tx,
  { actorId, actorRole, subjects, action, reason, requestId }: AccessEntry,
): Promise<void> {
  await tx.query(insertEntries, [actorId, actorRole, subjects, action, reason, requestId]);
}
