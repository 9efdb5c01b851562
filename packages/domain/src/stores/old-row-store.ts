// Rows that are no facts and are kept for a time: how many are older, and their end.
import { statement } from '../database/index.ts';
import type { Statement, Tx } from '../database/index.ts';

// $1: the day from whose midnight (UTC) on rows are kept; $2: how many at most.
const before = `$1::date::timestamp at time zone 'UTC'`;

type OldRows = { readonly count: Statement; readonly remove: Statement };

function oldRows(name: string, { table, key, isOld }: { table: string; key: string; isOld: string }): OldRows {
  return {
    count: statement(`old_rows.count_${name}`, `select count(*)::float8 as rows from ${table} where ${isOld}`),
    // Another run may be at the same rows, and a replay at those of quarantine.
    remove: statement(
      `old_rows.remove_${name}`,
      `with gone as (
    delete from ${table}
    where (${key}) in (select ${key} from ${table} where ${isOld} limit $2 for update skip locked)
    returning 1
  )
  select count(*)::float8 as rows from gone`,
    ),
  };
}

const statements = {
  // The roles may not delete from it.
  access_log: {
    count: statement(
      'old_rows.count_access_log',
      `select count(*)::float8 as rows from access_log where at < ${before}`,
    ),
    remove: statement('old_rows.remove_access_log', `select delete_old_access(${before}, $2)::float8 as rows`),
  },
  rejected_events: oldRows('rejected_events', {
    table: 'rejected_events',
    key: 'id',
    isOld: `received_at < ${before}`,
  }),
  finished_jobs: oldRows('finished_jobs', {
    table: 'pgboss.job',
    key: 'name, id',
    isOld: `state in ('completed', 'cancelled', 'failed') and completed_on < ${before}`,
  }),
  dead_letters: oldRows('dead_letters', {
    table: 'pgboss.job',
    key: 'name, id',
    isOld: `name in (select dead_letter from pgboss.queue) and state = 'created' and created_on < ${before}`,
  }),
  // The last night's stay, however long ago it was: dashboards show them.
  peer_distributions: oldRows('peer_distributions', {
    table: 'peer_distributions',
    key: 'metric, topic_id, as_of',
    isOld: `as_of < $1::date and as_of < (select max(as_of) from peer_distributions)`,
  }),
  // Left of a step that this release does not have, or of a night that was never finished: it is planned anew.
  batch_chunks: oldRows('batch_chunks', {
    table: 'batch_chunks',
    key: 'step, day, from_user_id',
    isOld: `day < $1::date`,
  }),
} as const;

export type OldRowKind = keyof typeof statements;
// The keys of a literal: `Object.keys` types them as strings.
export const oldRowKinds = Object.keys(statements) as readonly OldRowKind[];

/** How many rows of a kind are from before a day, UTC. */
export async function countOldRows(tx: Tx, kind: OldRowKind, day: string): Promise<number> {
  const [row] = await tx.query<{ rows: number }>(statements[kind].count, [day]);
  return row?.rows ?? 0;
}

/** Deletes at most `limit` of the rows of a kind from before a day, UTC; answers how many. Refused by the database for an access log of less than 90 days. */
export async function deleteOldRows(
  tx: Tx,
  kind: OldRowKind,
  { day, limit }: { readonly day: string; readonly limit: number },
): Promise<number> {
  const [row] = await tx.query<{ rows: number }>(statements[kind].remove, [day, limit]);
  return row?.rows ?? 0;
}
