// The composition root: what the process opens, in order, and closes the other way round.
import { connect, connectEraser, poolUseOf } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { createJobs, jobContracts } from '@studyin/domain/jobs';
import type { Jobs } from '@studyin/domain/jobs';
import {
  createApp,
  findMissingMigrations,
  findNightLag,
  findStanding,
  requireMigrated,
} from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { noTracing, tellAll } from '@studyin/telemetry/tracing';
import type { Tracing } from '@studyin/telemetry/tracing';
import type { Config } from './config.ts';
import { startHandlers } from './handlers.ts';
import { startHealthServer } from './health.ts';
import { describeError } from '@studyin/telemetry/log';
import type { Log } from '@studyin/telemetry/log';
import { createMetrics } from './metrics.ts';
import { runRefit } from './run-refit.ts';
import { startSchedules } from './schedules.ts';

export type RunningWorker = {
  /** Where health answers; null where it does not. */
  readonly url: string | null;
  /** Takes no more jobs, finishes those at hand, closes everything. At most about eight seconds. */
  stop(): Promise<void>;
};

export type StartOptions = {
  readonly log: Log;
  /** Off where absent. */
  readonly tracing?: Tracing;
};

const FINISH_MS = 7_000;

/**
 * Opens the pool and the queue, and works. Throws a DomainError whose message is the line to show: the database cannot be
 * reached or is not migrated, or the port is taken. A database that goes away later is waited for.
 */
export async function startWorker(config: Config, { log, tracing = noTracing }: StartOptions): Promise<RunningWorker> {
  const { url, role, poolSize } = config.database;
  const metrics = createMetrics(log);
  const onStatement = tellAll(metrics.onStatement, tracing.onStatement);
  const onRollbackFailed = (error: unknown): void =>
    log.warn({ event: 'database.rollback_failed', error: describeError(error) });
  const session = { url, role, onStatement, onRollbackFailed };
  const database = connect({ ...session, poolSize, applicationName: 'studyin-worker' });
  const erasing = connectEraser({ ...session, applicationName: 'studyin-worker-erase' });
  const onError = (error: Error): void => log.warn({ event: 'queue.error', error: describeError(error) });
  const queue = { url, role, applicationName: 'studyin-worker-queue', traces: tracing.isOn };
  const jobs = createJobs({ ...queue, mode: 'work', onError });
  const state = { stopping: false };
  const close: (() => Promise<void> | void)[] = [() => database.close(), () => erasing.close()];
  const closeAll = async (): Promise<void> => {
    state.stopping = true;
    for (const closeOne of close.toReversed()) await closeOne();
  };
  try {
    await requireMigrated(database, config.database);
    const app = createApp({ database, jobs, keys: config.keys, log, refit: () => runRefit(), ...config.rules });
    metrics.watch({ pools: { worker: () => poolUseOf(database) }, findStanding: () => findStanding(app) });
    const isReady = async (): Promise<boolean> => !state.stopping && (await isSound(app));
    const health = config.http === null ? null : await startHealthServer({ address: config.http, metrics, isReady });
    close.push(() => health?.close());
    await jobs.start();
    close.push(() => jobs.stop(FINISH_MS));
    await requireQueues(jobs);
    const eraser = { database: erasing, keys: config.keys };
    await startHandlers({ app, eraser, jobs, metrics, tracing, log }, config);
    await startSchedules(jobs);
    return { url: health?.url ?? null, stop: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The database answers, no migration is missing, and no night. */
async function isSound(app: App): Promise<boolean> {
  try {
    if ((await findMissingMigrations(app)).length > 0) return false;
    return (await findNightLag(app)).every(({ lagDays }) => lagDays === 0);
  } catch {
    return false;
  }
}

async function requireQueues({ boss }: Jobs): Promise<void> {
  const installed = new Set((await boss.getQueues()).map(({ name }) => name));
  const missing = jobContracts.map(({ name }) => name).filter((name) => !installed.has(name));
  if (missing.length === 0) return;
  throw new DomainError('misconfigured', `The queues ${missing.join(', ')} are not installed; run studyin migrate.`);
}
