// The books of the nightly chain: how far each step has come, and the chunks of the night it is at.
import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

const ensureRuns = statement(
  'batch.ensure_runs',
  `insert into batch_runs (step)
  select * from unnest($1::text[])
  on conflict (step) do nothing`,
);

// In one order: two planners wait for each other, and for the chunk that is about to finish its step.
const lockRuns = statement(
  'batch.lock_runs',
  `select step, watermark::text as watermark
  from batch_runs
  where step = any($1::text[])
  order by step
  for update`,
);

const selectRuns = statement(
  'batch.runs',
  `select n.step, b.watermark::text as watermark, b.started_at as "startedAt", b.finished_at as "finishedAt",
    coalesce(b.rows_written, 0)::float8 as rows
  from unnest($1::text[]) as n (step)
  left join batch_runs b on b.step = n.step`,
);

const beginRun = statement(
  'batch.begin_run',
  `update batch_runs
  set started_at = now(), finished_at = null, rows_written = 0
  where step = $1`,
);

const insertChunks = statement(
  'batch.insert_chunks',
  `insert into batch_chunks (step, day, from_user_id, to_user_id)
  select $1, $2::date, c.from_user_id, c.to_user_id
  from unnest($3::uuid[], $4::uuid[]) as c (from_user_id, to_user_id)`,
);

const selectChunks = statement(
  'batch.chunks',
  `select step, day::text as day, from_user_id as "fromUserId", to_user_id as "toUserId", finished_at is not null as "isFinished"
  from batch_chunks
  where step = $1 and day = $2::date
  order by from_user_id`,
);

const selectOpenChunk = statement(
  'batch.open_chunk',
  `select from_user_id
  from batch_chunks
  where step = $1 and day = $2::date and from_user_id = $3 and finished_at is null`,
);

const claimChunk = statement(
  'batch.claim_chunk',
  `select from_user_id
  from batch_chunks
  where step = $1 and day = $2::date and from_user_id = $3 and finished_at is null
  for update`,
);

const finishChunk = statement(
  'batch.finish_chunk',
  `update batch_chunks
  set finished_at = now(), rows_written = $4
  where step = $1 and day = $2::date and from_user_id = $3`,
);

// The step's row is locked from here to the commit: of two last chunks the second sees the first one finished.
const countRows = statement(
  'batch.add_rows',
  `update batch_runs
  set rows_written = rows_written + $2
  where step = $1`,
);

const countOpen = statement(
  'batch.count_open',
  `select count(*)::int as open
  from batch_chunks
  where step = $1 and day = $2::date and finished_at is null`,
);

const finishRun = statement(
  'batch.finish_run',
  `update batch_runs
  set watermark = greatest(watermark, $2::date), finished_at = now()
  where step = $1`,
);

const deleteChunks = statement('batch.delete_chunks', `delete from batch_chunks where step = $1 and day <= $2::date`);

// The last learner of each chunk and the first of the next one.
const selectBounds = statement(
  'batch.learner_bounds',
  `select before_id as "beforeId", user_id as "userId"
  from (
    select user_id, lag(user_id) over (order by user_id) as before_id, row_number() over (order by user_id) as place
    from learners
  ) as l
  where place > 1 and (place - 1) % $1 = 0
  order by user_id`,
);

const selectNow = statement('batch.now', `select (extract(epoch from now()) * 1000)::float8 as "nowMs"`);

export type StepRun = {
  readonly step: string;
  /** The last day whose night is done; null before the first. */
  readonly watermark: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Written by the run at hand, or by the last one. */
  readonly rows: number;
};

/** Learners from `fromUserId` on and before `toUserId`; null: to the end. */
export type LearnerRange = { readonly fromUserId: string; readonly toUserId: string | null };
export type ChunkKey = { readonly step: string; readonly day: string; readonly fromUserId: string };
export type Chunk = ChunkKey & LearnerRange;
export type PlannedChunk = Chunk & { readonly isFinished: boolean };

/** The watermarks of steps, which are locked until the transaction ends. */
export async function lockWatermarks(tx: Tx, steps: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  await tx.query(ensureRuns, [steps.toSorted()]);
  const rows = await tx.query<{ step: string; watermark: string | null }>(lockRuns, [steps]);
  return new Map(rows.map(({ step, watermark }) => [step, watermark]));
}

/** How far each of the steps has come; those that never ran among them. */
export function listStepRuns(reader: Reader, steps: readonly string[]): Promise<readonly StepRun[]> {
  return reader.query<StepRun>(selectRuns, [steps]);
}

export async function beginStep(tx: Tx, step: string): Promise<void> {
  await tx.query(beginRun, [step]);
}

export async function insertPlannedChunks(
  tx: Tx,
  { step, day }: Pick<Chunk, 'step' | 'day'>,
  ranges: readonly LearnerRange[],
): Promise<void> {
  const from = ranges.map(({ fromUserId }) => fromUserId);
  await tx.query(insertChunks, [step, day, from, ranges.map(({ toUserId }) => toUserId)]);
}

export function listChunks(
  reader: Reader,
  { step, day }: Pick<Chunk, 'step' | 'day'>,
): Promise<readonly PlannedChunk[]> {
  return reader.query<PlannedChunk>(selectChunks, [step, day]);
}

/** Whether a chunk is planned and not done. */
export async function isChunkOpen(reader: Reader, { step, day, fromUserId }: ChunkKey): Promise<boolean> {
  return (await reader.query(selectOpenChunk, [step, day, fromUserId])).length > 0;
}

/** Locks a chunk that is planned and not done; false where there is none (any more). */
export async function claimOpenChunk(tx: Tx, { step, day, fromUserId }: ChunkKey): Promise<boolean> {
  return (await tx.query(claimChunk, [step, day, fromUserId])).length > 0;
}

/** Finishes a claimed chunk and, with the last one, its step. Answers whether the step is done with that night. */
export async function finishClaimedChunk(tx: Tx, { step, day, fromUserId }: ChunkKey, rows: number): Promise<boolean> {
  await tx.query(finishChunk, [step, day, fromUserId, rows]);
  await tx.query(countRows, [step, rows]);
  const [counted] = await tx.query<{ open: number }>(countOpen, [step, day]);
  if (counted?.open !== 0) return false;
  await tx.query(finishRun, [step, day]);
  await tx.query(deleteChunks, [step, day]);
  return true;
}

/** Neighbours between whom one chunk of `learnersAChunk` ends and the next begins. */
export function listChunkBounds(
  reader: Reader,
  learnersAChunk: number,
): Promise<readonly { readonly beforeId: string; readonly userId: string }[]> {
  return reader.query<{ beforeId: string; userId: string }>(selectBounds, [learnersAChunk]);
}

/** The database's own time. */
export async function getNowMs(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ nowMs: number }>(selectNow);
  if (row === undefined) throw new Error('batch.now returned no row');
  return row.nowMs;
}
