// The nightly chain in one call, without a queue.
import { addDays, utcDayOf } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import { getNowMs, listStepRuns, lockWatermarks } from '../stores/batch-store.ts';
import type { Chunk, StepRun } from '../stores/batch-store.ts';
import { listNightWork } from './nightly/next-night.ts';
import type { NightWork } from './nightly/next-night.ts';
import { planStep } from './nightly/plan-step.ts';
import { nightSteps, stepNames } from './nightly/steps.ts';
import { finishChunk, runOpenChunk } from './run-night-chunk.ts';

export type NightReport = {
  readonly step: string;
  readonly day: string;
  readonly rows: number;
  readonly chunks: number;
  /** Broken invariants that a check has found. */
  readonly differences: number;
  readonly seconds: number;
};

export type RunNightsOptions = {
  /** The last day whose night is done. Default: yesterday, UTC. */
  readonly asOf?: string | null;
  /** Chunks at the same time. Default 2. */
  readonly concurrency?: number;
  /** Default 1,000. */
  readonly learnersAChunk?: number;
  readonly onProgress?: (step: string, done: number, total: number) => void;
  readonly onStep?: (report: NightReport) => void;
  /** Aborted, it ends before the next chunk; what is done stays done. */
  readonly signal?: AbortSignal;
};

/**
 * Does every night that is missing up to `asOf`, step by step, in this process; where none is missing, that of `asOf` again, which
 * changes no row that is right. A worker may be at the same chunks. Throws `invalid` for a day that is not over, and for one
 * before a night that is done.
 */
export async function runNights(app: App, options: RunNightsOptions = {}): Promise<readonly NightReport[]> {
  const runs = await listStepRuns(app.database.reader, stepNames);
  const asOf = await chooseLastDay(app, runs, options.asOf ?? null);
  const watermarks = new Map(runs.map(({ step, watermark }) => [step, watermark]));
  const reports: NightReport[] = [];
  for (const work of listNightWork(nightSteps, watermarks, asOf)) {
    const report = await runStep(app, work, options);
    reports.push(report);
    options.onStep?.(report);
  }
  return reports;
}

async function chooseLastDay(
  { database, clock }: Pick<App, 'database' | 'clock'>,
  runs: readonly StepRun[],
  asOf: string | null,
): Promise<string> {
  const yesterday = addDays(utcDayOf(clock.fixedAt?.getTime() ?? (await getNowMs(database.reader))), -1);
  const day = asOf ?? yesterday;
  if (day > yesterday) {
    throw new DomainError('invalid', `The day ${day} is not over in UTC; the last one is ${yesterday}.`);
  }
  const later = runs.find(({ watermark }) => watermark !== null && watermark > day);
  if (later === undefined) return day;
  throw new DomainError('invalid', `The night of ${day} lies before that of ${later.watermark}, which is done.`);
}

async function runStep(app: App, work: NightWork, options: RunNightsOptions): Promise<NightReport> {
  const started = performance.now();
  const { concurrency = 2, learnersAChunk, onProgress, signal } = options;
  const chunks = await app.database.transaction(async (tx) => {
    await lockWatermarks(tx, stepNames);
    return planStep(tx, work, { learnersAChunk });
  });
  const left = [...chunks];
  const sums = { rows: 0, differences: 0, done: 0 };
  onProgress?.(work.step.name, 0, chunks.length);
  const lane = async (): Promise<void> => {
    for (let chunk = left.shift(); chunk !== undefined; chunk = left.shift()) {
      signal?.throwIfAborted();
      const { rows, differences = 0 } = await runChunk(app, chunk);
      sums.rows += rows;
      sums.differences += differences;
      sums.done += 1;
      onProgress?.(work.step.name, sums.done, chunks.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  const seconds = Math.round((performance.now() - started) / 10) / 100;
  const { rows, differences } = sums;
  return { step: work.step.name, day: work.day, rows, chunks: chunks.length, differences, seconds };
}

async function runChunk(app: App, chunk: Chunk) {
  const result = await runOpenChunk(app, chunk);
  await app.database.transaction((tx) => finishChunk(tx, chunk, result.rows));
  return result;
}
