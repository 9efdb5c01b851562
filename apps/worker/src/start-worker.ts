// The composition root: what the process opens, in order, and closes the other way round.
import { connect, sqlStateOf } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { createJobs, findBacklog, jobContracts, updateLearnerJob } from '@studyin/domain/jobs';
import type { Jobs } from '@studyin/domain/jobs';
import { createApp, findMissingMigrations } from '@studyin/domain/services';
import type { Config } from './config.ts';
import { startHandlers } from './handlers.ts';
import { startHealthServer } from './health.ts';
import { describeError } from './log.ts';
import type { WorkerLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { startSchedules } from './schedules.ts';

export type RunningWorker = {
  /** Where health answers; null where it does not. */
  readonly url: string | null;
  /** Takes no more jobs, finishes those at hand, closes everything. At most about eight seconds. */
  stop(): Promise<void>;
};

const FINISH_MS = 7_000;

/**
 * Opens the pool and the queue, and works. Throws a DomainError whose message is the line to show: the database cannot be
 * reached or is not migrated, or the port is taken. A database that goes away later is waited for.
 */
export async function startWorker(config: Config, { log }: { readonly log: WorkerLog }): Promise<RunningWorker> {
  const { url, role, poolSize } = config.database;
  const database = connect({ url, role, poolSize, applicationName: 'studyin-worker' });
  const onError = (error: Error): void => log.warn({ event: 'queue.error', error: describeError(error) });
  const jobs = createJobs({ url, role, applicationName: 'studyin-worker-queue', mode: 'work', onError });
  const state = { stopping: false };
  const close: (() => Promise<void> | void)[] = [() => database.close()];
  const closeAll = async (): Promise<void> => {
    state.stopping = true;
    for (const closeOne of close.toReversed()) await closeOne();
  };
  try {
    await requireMigrated(database, config.database);
    const app = createApp({ database, jobs, keys: config.keys, log });
    const metrics = createMetrics(() => findBacklog(database.reader, updateLearnerJob));
    const isReady = async (): Promise<boolean> => !state.stopping && (await answers(database));
    const health = config.http === null ? null : await startHealthServer({ address: config.http, metrics, isReady });
    close.push(() => health?.close());
    await jobs.start();
    close.push(() => jobs.stop(FINISH_MS));
    await requireQueues(jobs);
    await startHandlers({ app, jobs, metrics, log }, config);
    await startSchedules(jobs);
    return { url: health?.url ?? null, stop: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function answers(database: Database): Promise<boolean> {
  try {
    return (await findMissingMigrations({ database })).length === 0;
  } catch {
    return false;
  }
}

async function requireMigrated(database: Database, { url, role }: Config['database']): Promise<void> {
  const { host } = new URL(url); // never the whole URL: it holds a password
  try {
    const missing = await findMissingMigrations({ database });
    if (missing.length === 0) return;
    throw new DomainError(
      'misconfigured',
      `The database at ${host} lacks ${missing.length} migrations; run studyin migrate.`,
    );
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') throw error;
    const state = sqlStateOf(error instanceof DomainError ? error.cause : error);
    // 22023: there is no role of the name in the connection's options; 42501: it may not be taken on
    const why =
      state === '22023' || state === '42501'
        ? `does not let the login become ${role ?? 'its role'}; run studyin migrate, or set STUDYIN_ROLE`
        : 'cannot be reached; is it running?';
    throw new DomainError('unavailable', `The database at ${host} ${why}`, { cause: error });
  }
}

async function requireQueues({ boss }: Jobs): Promise<void> {
  const installed = new Set((await boss.getQueues()).map(({ name }) => name));
  const missing = jobContracts.map(({ name }) => name).filter((name) => !installed.has(name));
  if (missing.length === 0) return;
  throw new DomainError('misconfigured', `The queues ${missing.join(', ')} are not installed; run studyin migrate.`);
}
