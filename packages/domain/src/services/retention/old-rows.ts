// What is no fact is kept for the days that a setting says: logs, quarantine, jobs that are over, what nights leave behind.
import { addDays } from '../../algorithms/index.ts';
import type { App, RetentionRules } from '../../app.ts';
import { countOldRows, deleteOldRows, oldRowKinds } from '../../stores/old-row-store.ts';
import type { OldRowKind } from '../../stores/old-row-store.ts';
import { allowLongStatements } from '../../stores/retention-store.ts';

export type KeptDays = Omit<RetentionRules, 'archiveDir'>;

/** How long rows are kept by default, and the bounds of each setting, in days. */
export const keptDaysLimits: { readonly [Setting in keyof KeptDays]: Limits } = {
  // The database refuses less than 90.
  accessLogDays: { byDefault: 400, min: 90, max: 3_650 },
  quarantineDays: { byDefault: 90, min: 7, max: 3_650 },
  // The queue itself deletes finished jobs a day later than the most, and dead letters after a year.
  finishedJobDays: { byDefault: 1, min: 1, max: 7 },
  deadLetterDays: { byDefault: 90, min: 7, max: 365 },
  nightDays: { byDefault: 35, min: 2, max: 3_650 },
};

type Limits = { readonly byDefault: number; readonly min: number; readonly max: number };

const settingOf: Readonly<Record<OldRowKind, keyof KeptDays>> = {
  access_log: 'accessLogDays',
  rejected_events: 'quarantineDays',
  finished_jobs: 'finishedJobDays',
  dead_letters: 'deadLetterDays',
  peer_distributions: 'nightDays',
  batch_chunks: 'nightDays',
};

export type OldRows = {
  readonly kind: OldRowKind;
  readonly keptDays: number;
  /** Rows from before this day, UTC, are not kept. */
  readonly before: string;
  readonly rows: number;
};

const ROWS_A_CHUNK = 10_000;

/** Rows of each kind that are older than is kept as of a day. */
export async function listOldRows({ database, retention }: App, today: string): Promise<readonly OldRows[]> {
  return database.transaction(async (tx) => {
    await allowLongStatements(tx);
    const found: OldRows[] = [];
    for (const kind of oldRowKinds) {
      const { keptDays, before } = limitOf(retention, kind, today);
      found.push({ kind, keptDays, before, rows: await countOldRows(tx, kind, before) });
    }
    return found;
  });
}

export type DeleteOptions = {
  readonly today: string;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal | undefined;
};

/** Deletes them, some thousands in one transaction; answers what was deleted of each kind. */
export async function deleteAllOldRows(
  app: App,
  { today, onProgress, signal }: DeleteOptions,
): Promise<readonly OldRows[]> {
  const old = await listOldRows(app, today);
  const total = old.reduce((sum, { rows }) => sum + rows, 0);
  const deleted: OldRows[] = [];
  let done = 0;
  for (const { kind, keptDays, before, rows: found } of old) {
    let rows = 0;
    for (let gone = found; gone > 0;) {
      signal?.throwIfAborted();
      onProgress(done, total);
      gone = await deleteChunk(app, kind, before);
      rows += gone;
      done += gone;
    }
    if (rows > 0) app.log.info({ event: 'retention.rows_deleted', kind, before, rows });
    deleted.push({ kind, keptDays, before, rows });
  }
  return deleted;
}

function deleteChunk({ database }: App, kind: OldRowKind, day: string): Promise<number> {
  return database.transaction(async (tx) => {
    await allowLongStatements(tx);
    return deleteOldRows(tx, kind, { day, limit: ROWS_A_CHUNK });
  });
}

function limitOf(retention: RetentionRules, kind: OldRowKind, today: string) {
  const keptDays = retention[settingOf[kind]];
  return { keptDays, before: addDays(today, -keptDays) };
}
