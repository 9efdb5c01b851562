import { statement } from '../database/index.ts';
import type { Reader, Statement, Tx } from '../database/index.ts';
import { erasureRules, queueErasureSql } from './erasure-rules.ts';

/** One table of an erasure; `name` is what the receipt calls it. */
export type ErasureStep = { readonly name: string; readonly statement: Statement };

export type Tombstone = {
  readonly subject: Buffer;
  readonly erasedAt: Date;
  /** Null while rows are still being deleted. */
  readonly finishedAt: Date | null;
  /** Rows deleted so far, by table. */
  readonly counts: Readonly<Record<string, number>>;
  readonly hash: Buffer | null;
};

const counted = (sql: string): string => `with gone as (
    ${sql}
    returning 1
  )
  select count(*)::int as rows from gone`;

/** Every table that holds rows of a learner, the queue last: until then a job may still be sent. */
export const erasureSteps: readonly ErasureStep[] = [
  ...Object.entries(erasureRules).flatMap(([table, rule]) =>
    rule.kind === 'rows' ? [[table, rule.sql] as const] : [],
  ),
  ['pgboss.job', queueErasureSql] as const,
].map(([name, sql]) => ({ name, statement: statement(`erase.${name}`, counted(sql)) }));

// An advisory lock, since a learner without a row has nothing to lock: who writes down something of somebody who may have no row
// shares it.
const lockSubject = statement(
  'erase.lock_subject',
  `select pg_advisory_xact_lock(('x' || encode($1, 'hex'))::bit(64)::bigint)`,
);
const shareSubjects = statement(
  'erase.share_subjects',
  `select pg_advisory_xact_lock_shared(k)
  from (
    select distinct ('x' || encode(s, 'hex'))::bit(64)::bigint as k
    from unnest($1::bytea[]) as s
    order by 1
  ) as keys`,
);

// As every writer begins; the row is made where there is none, so that whoever is about to make it waits.
const lockAny = statement(
  'erase.lock_learner',
  `insert into learners (user_id)
  values ($1)
  on conflict (user_id) do update set watermark = learners.watermark + 1
  returning xmax <> 0 as existed`,
);

const insertTombstone = statement(
  'erase.insert_tombstone',
  `insert into erased_learners (subject, pending_user_id)
  values ($1, $2)
  on conflict (subject) do update set pending_user_id = excluded.pending_user_id`,
);

const deleteLearner = statement('erase.learners', `delete from learners where user_id = $1`);

const columns = `subject, erased_at as "erasedAt", finished_at as "finishedAt", counts, hash`;

// It waits for another erasure of the same learner. Rows that are found after the end, which may be that other one's, make it
// unfinished again.
const addCount = statement(
  'erase.add_count',
  `update erased_learners
  set counts = counts || jsonb_build_object($2::text, coalesce((counts->>$2)::bigint, 0) + $3::bigint),
    finished_at = case when $3::bigint = 0 then finished_at end,
    pending_user_id = case when $3::bigint = 0 then pending_user_id else $4::uuid end
  where subject = $1`,
);

const finish = statement(
  'erase.finish',
  `update erased_learners
  set pending_user_id = null, finished_at = coalesce(finished_at, date_trunc('milliseconds', now()))
  where subject = $1
  returning ${columns}`,
);

const saveHash = statement('erase.save_hash', `update erased_learners set hash = $2 where subject = $1`);

const selectPending = statement(
  'erase.pending',
  `select pending_user_id as "userId"
  from erased_learners
  where pending_user_id is not null
  order by erased_at`,
);

/** Keeps these learners, with or without a row, from being erased until the transaction ends. */
export async function shareErasureLocks(tx: Tx, subjects: readonly Buffer[]): Promise<void> {
  await tx.query(shareSubjects, [subjects]);
}

/**
 * Makes the tombstone and deletes the learner's row under its lock: from the commit on nothing of theirs is stored or shown.
 * May be repeated.
 */
export async function insertErasure(
  tx: Tx,
  { userId, subject }: { readonly userId: string; readonly subject: Buffer },
): Promise<void> {
  await tx.query(lockSubject, [subject]);
  const [learner] = await tx.query<{ existed: boolean }>(lockAny, [userId]);
  await tx.query(insertTombstone, [subject, userId]);
  await tx.query(deleteLearner, [userId]);
  await tx.query(addCount, [subject, 'learners', learner?.existed === true ? 1 : 0, userId]);
}

/** Deletes the learner's rows of one table and counts them in the tombstone; answers how many. */
export async function eraseRows(
  tx: Tx,
  { name, statement: deleteRows }: ErasureStep,
  { userId, subject }: { readonly userId: string; readonly subject: Buffer },
): Promise<number> {
  await tx.query(addCount, [subject, name, 0, userId]);
  const [gone] = await tx.query<{ rows: number }>(deleteRows, [userId]);
  const rows = gone?.rows ?? 0;
  if (rows > 0) await tx.query(addCount, [subject, name, rows, userId]);
  return rows;
}

/** Ends an erasure: the tombstone forgets the id. Idempotent. */
export async function finishErasure(
  tx: Tx,
  subject: Buffer,
  hashOf: (tombstone: Tombstone) => Buffer,
): Promise<Tombstone> {
  const [row] = await tx.query<Tombstone>(finish, [subject]);
  if (row === undefined) throw new Error('an erasure has no tombstone');
  const hash = hashOf(row);
  await tx.query(saveHash, [subject, hash]);
  return { ...row, hash };
}

/** Learners whose erasure was broken off, the oldest first. */
export async function listPendingErasures(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.query<{ userId: string }>(selectPending);
  return rows.map(({ userId }) => userId);
}
