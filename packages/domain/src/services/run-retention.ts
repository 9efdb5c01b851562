// Old facts go by whole months: first each learner's checkpoint, then the month's archive, then its tables, then projections.
// Each step is done when it was done before, so a run that was killed is taken up by the next one.
import { isStudyDay, utcDayOf } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import {
  countFactsOfMonth,
  countOldProjections,
  deleteOldProjections,
  dropMonthAndEarlier,
  getNowMs,
  listMonthsBefore,
  lockMonths,
} from '../stores/retention-store.ts';
import type { MonthCounts, ProjectionCounts } from '../stores/retention-store.ts';
import { boundaryAsOf } from './retention/boundary.ts';
import { allLearners, countLacking, makeCheckpoints } from './retention/make-checkpoints.ts';
import { deleteAllOldRows, listOldRows } from './retention/old-rows.ts';
import type { OldRows } from './retention/old-rows.ts';
import { writeArchive } from './retention/write-archive.ts';

export type RetentionOptions = {
  /** The day, UTC, whose month decides what is old. */
  readonly today: string;
  /** Only tells what there is to do. */
  readonly dryRun?: boolean;
  readonly onProgress?: (step: RetentionStep, done: number, total: number) => void;
  /** Aborted, it ends before the next learner, month or chunk; what is done stays done. */
  readonly signal?: AbortSignal;
};

export type RetentionStep = 'rows' | 'checkpoints' | 'months' | 'projections';

export type DroppedMonth = MonthCounts & {
  /** 'YYYY-MM'. */
  readonly month: string;
  /** The folder it was written to. */
  readonly archive: string | null;
};

export type RetentionReport = ProjectionCounts & {
  /** Facts before this day, UTC, are not kept. */
  readonly boundary: string;
  readonly dryRun: boolean;
  /** For whom a checkpoint was made. */
  readonly learners: number;
  readonly months: readonly DroppedMonth[];
  /** What is no fact: logs, quarantine, jobs that are over, what nights leave behind. */
  readonly oldRows: readonly OldRows[];
};

const PROJECTIONS_A_CHUNK = 10_000;
// A transaction that took an event in by the window of the month before has ended by then.
const SETTLED_AFTER_MS = 3_600_000;

/**
 * Drops the months of facts whose first day lies 24 months or more before that of `today`, after every learner with facts in them
 * has a checkpoint and the months are archived; then sessions of that time, in chunks. No derived number changes by it. Before
 * all that, deletes what is no fact and older than `app.retention` keeps it. Run again
 * it goes on where it was interrupted. Two at once do no harm, but one of them may fail. Throws `invalid` for a day whose month has not
 * begun an hour ago: until then an event may still come that is older than the boundary.
 */
export async function runRetention(app: App, options: RetentionOptions): Promise<RetentionReport> {
  const { today, dryRun = false } = options;
  await requireSettled(app, today);
  const boundary = boundaryAsOf(today);
  if (dryRun) return previewRetention(app, { boundary, today });
  // First, whatever may keep the facts from going.
  const oldRows = await deleteAllOldRows(app, {
    today,
    signal: options.signal,
    onProgress: (done, total) => options.onProgress?.('rows', done, total),
  });
  const learners = await makeCheckpoints(app, {
    boundary,
    range: allLearners,
    signal: options.signal,
    onProgress: (done, total) => options.onProgress?.('checkpoints', done, total),
  });
  const months = await dropMonths(app, boundary, options);
  const projections = await deleteProjections(app, boundary, options);
  return { boundary, dryRun, learners, months, oldRows, ...projections };
}

async function requireSettled({ clock, database }: App, today: string): Promise<void> {
  if (!isStudyDay(today)) throw new DomainError('invalid', `'${today}' is not a day.`, { path: 'today' });
  const nowMs = clock.fixedAt?.getTime() ?? (await getNowMs(database.reader));
  if (today > utcDayOf(nowMs)) throw new DomainError('invalid', `The day ${today} has not begun.`, { path: 'today' });
  if (Date.parse(`${today.slice(0, 7)}-01T00:00:00Z`) + SETTLED_AFTER_MS <= nowMs) return;
  throw new DomainError('invalid', `The month of ${today} has not begun an hour ago (UTC).`, { path: 'today' });
}

async function previewRetention(
  app: App,
  { boundary, today }: { readonly boundary: string; readonly today: string },
): Promise<RetentionReport> {
  const { database } = app;
  const old = await listMonthsBefore(database.reader, boundary);
  const learners = old.length === 0 ? 0 : await countLacking(database, { boundary, range: allLearners });
  const months: DroppedMonth[] = [];
  for (const month of old) {
    const counts = await database.transaction((tx) => countFactsOfMonth(tx, month));
    months.push({ month, ...counts, archive: null });
  }
  const projections = await database.transaction((tx) => countOldProjections(tx, boundary));
  return { boundary, dryRun: true, learners, months, oldRows: await listOldRows(app, today), ...projections };
}

async function dropMonths(
  app: App,
  boundary: string,
  { onProgress, signal }: RetentionOptions,
): Promise<readonly DroppedMonth[]> {
  const { database, log } = app;
  const { archiveDir } = app.retention;
  const months = await listMonthsBefore(database.reader, boundary);
  const dropped: DroppedMonth[] = [];
  for (const month of months) {
    signal?.throwIfAborted();
    onProgress?.('months', dropped.length, months.length);
    const archive = archiveDir === null ? null : await writeArchive(app, { archiveDir, month });
    const counts = await database.transaction(async (tx) => {
      await lockMonths(tx);
      const found = await countFactsOfMonth(tx, month);
      requireArchived(found, archive);
      await dropMonthAndEarlier(tx, month);
      return found;
    });
    log.info({ event: 'retention.month_dropped', month, ...counts, isArchived: archive !== null });
    dropped.push({ month, ...counts, archive: archive?.folder ?? null });
  }
  return dropped;
}

function requireArchived(found: MonthCounts, archive: (MonthCounts & { readonly folder: string | null }) | null): void {
  if (archive === null || (archive.events === found.events && archive.attempts === found.attempts)) return;
  if (found.events === 0 && found.attempts === 0) return; // dropped by another run, which had archived it
  throw new Error(`the archive has ${archive.events} events of a month that has ${found.events}`);
}

async function deleteProjections(
  { database }: App,
  boundary: string,
  { onProgress, signal }: RetentionOptions,
): Promise<ProjectionCounts> {
  const total = await database.transaction((tx) => countOldProjections(tx, boundary));
  const sums = { interactions: 0, sessions: 0 };
  for (;;) {
    signal?.throwIfAborted();
    onProgress?.('projections', sums.interactions + sums.sessions, total.interactions + total.sessions);
    const gone = await database.transaction((tx) => deleteOldProjections(tx, { boundary, limit: PROJECTIONS_A_CHUNK }));
    sums.interactions += gone.interactions;
    sums.sessions += gone.sessions;
    if (gone.interactions === 0 && gone.sessions === 0) return sums;
  }
}
