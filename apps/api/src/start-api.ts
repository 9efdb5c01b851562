// The composition root: what the process opens, in order, and closes the other way round.
import { connect, connectEraser, poolUseOf } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { createJobs } from '@studyin/domain/jobs';
import type { Jobs } from '@studyin/domain/jobs';
import {
  createApp,
  databaseClock,
  findOwnWatermark,
  findStanding,
  findWatermark,
  findWatermarks,
  knownLearner,
  openDashboards,
  requireMigrated,
} from '@studyin/domain/services';
import type { App, Clock } from '@studyin/domain/services';
import { noTracing, tellAll } from '@studyin/telemetry/tracing';
import type { Tracing } from '@studyin/telemetry/tracing';
import { createAnswerCache } from './cache.ts';
import type { AnswerCache } from './cache.ts';
import type { Config } from './config.ts';
import { createReadinessCheck } from './health.ts';
import { createIngest } from './ingest/record.ts';
import { describeError } from '@studyin/telemetry/log';
import type { Log } from '@studyin/telemetry/log';
import { joinLooks } from './joined-looks.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { clientTimeouts } from './server-limits.ts';
import type { ClientTimeouts } from './server-limits.ts';
import { startServer } from './server.ts';
import { createTokenVerifier } from './tokens.ts';

export type RunningApi = {
  readonly url: string;
  /** Turns unready, lets running calls finish and what is queued be written, closes everything. At most about nine seconds. */
  stop(options?: StopOptions): Promise<void>;
};

/** `noticeMs`: how long it still takes calls while `/readyz` already says no. */
export type StopOptions = { readonly noticeMs?: number };

export type StartOptions = {
  readonly log: Log;
  /** Tests fix it. */
  readonly clock?: Clock;
  /** Tests shorten them. */
  readonly timeouts?: ClientTimeouts;
  /** Off where absent. */
  readonly tracing?: Tracing;
  /** Opens all connections for reads before it listens and keeps them, so that no caller waits for one. Off where absent. */
  readonly keepsOpen?: boolean;
};

/** Of answers that may be kept. */
const looks = { mostKeys: 100, patienceMs: 20, atOnce: 4 };

const NOTICE_MS = 500;
const FINISH_MS = 5_000;
/** For what was queued by calls whose connection is gone. */
const WRITE_MS = 1_500;
const QUEUE_MS = 1_000;

/**
 * Opens the pools, the queue and the listener. Throws a DomainError whose message is the line to show: the database cannot be
 * reached, is not migrated, or the port is taken.
 */
export async function startApi(config: Config, options: StartOptions): Promise<RunningApi> {
  const opened = open(config, options);
  try {
    await requireMigrated(opened.reads, config.database);
    await opened.jobs.start();
    await opened.app.curriculum.current();
    if (options.keepsOpen === true) await opened.reads.open((reader) => openDashboards(opened.app, reader));
    return await serve(config, opened, options);
  } catch (error) {
    await close(opened);
    throw error;
  }
}

type Opened = {
  readonly reads: Database;
  readonly writes: Database;
  /** Connects only when somebody is erased. */
  readonly erasing: Database;
  readonly jobs: Jobs;
  readonly app: App;
  readonly metrics: Metrics;
};

/** Two pools, so that neither slow readers nor a full queue hold the other up: one connection for each lane of the ingest, and the rest. */
function open({ database, ingest, keys }: Config, options: StartOptions): Opened {
  const { log, clock = databaseClock, tracing = noTracing, keepsOpen = false } = options;
  const { url, role, poolSize } = database;
  const metrics = createMetrics(log);
  const onStatement = tellAll(metrics.onStatement, tracing.onStatement);
  const onRollbackFailed = (error: unknown): void =>
    log.warn({ event: 'database.rollback_failed', error: describeError(error) });
  const session = { url, role, onStatement, onRollbackFailed };
  const planned = { ...session, planOnce: true };
  const forReads = { poolSize: poolSize - ingest.lanes, keepOpen: keepsOpen, applicationName: 'studyin-api-read' };
  const reads = connect({ ...planned, ...forReads });
  const writes = connect({ ...planned, poolSize: ingest.lanes, applicationName: 'studyin-api-write' });
  const erasing = connectEraser({ ...session, applicationName: 'studyin-api-erase' });
  const jobs = createJobs({
    url,
    role,
    applicationName: 'studyin-api-queue',
    mode: 'send',
    traces: tracing.isOn,
    onError: (error) => log.warn({ event: 'queue.error', error: describeError(error) }),
  });
  return { reads, writes, erasing, jobs, metrics, app: createApp({ database: reads, jobs, keys, log, clock }) };
}

async function close({ reads, writes, erasing, jobs }: Opened): Promise<void> {
  await jobs.stop(QUEUE_MS);
  await Promise.all([reads.close(), writes.close(), erasing.close()]);
}

async function serve(
  config: Config,
  opened: Opened,
  { log, tracing = noTracing, timeouts = clientTimeouts }: StartOptions,
): Promise<RunningApi> {
  const { app, reads, writes, erasing, metrics } = opened;
  const ingest = createIngest({ ...app, database: writes }, { ...config.ingest, metrics, tracing, log });
  metrics.watch({
    queued: () => ingest.queued(),
    queueItems: config.ingest.queueItems,
    pools: { read: () => poolUseOf(reads), write: () => poolUseOf(writes) },
    findStanding: () => findStanding(app),
  });
  const cache = createDashboardCache(opened, config.cacheBytes);
  let draining = false;
  const server = await startServer({
    services: { app, eraser: { database: erasing, keys: config.keys }, ingest, cache, metrics, tracing, log },
    verifyToken: createTokenVerifier(config.tokens),
    checkReadiness: createReadinessCheck(config.database, () => draining),
    settings: config.http,
    timeouts,
  });
  return {
    url: server.url,
    stop: async ({ noticeMs = NOTICE_MS } = {}) => {
      draining = true;
      server.drain();
      await new Promise((resolve) => setTimeout(resolve, noticeMs));
      await server.close(FINISH_MS);
      await ingest.settled(WRITE_MS);
      await close(opened);
    },
  };
}

function createDashboardCache({ app, reads, metrics }: Opened, maxBytes: number): AnswerCache<App> {
  // The look at the version refuses who is no learner.
  const ofLearner = { ...app, requireLearner: knownLearner };
  return createAnswerCache({
    maxBytes,
    reads: ofLearner,
    inOrder: (use) => reads.inOrder((reader) => use({ ...ofLearner, database: { ...reads, reader } })),
    findVersion: (by, userId) => findWatermark(by, { userId }),
    findOwnVersion: (by, userId) => findOwnWatermark(by, { userId }),
    lookForVersion: joinLooks((userIds) => findWatermarks(app, userIds), looks),
    onAnswer: (from) => metrics.countAnswer(from),
  });
}
