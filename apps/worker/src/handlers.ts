// Which handler works which job, and how eagerly.
import {
  ensurePartitionsJob,
  finishErasuresJob,
  nightlyChunkJob,
  planNightlyJob,
  refoldLearnersJob,
  updateLearnerJob,
} from '@studyin/domain/jobs';
import type { JobContract, Jobs } from '@studyin/domain/jobs';
import type { App, Eraser } from '@studyin/domain/services';
import type { Tracing } from '@studyin/telemetry/tracing';
import { handleEnsurePartitions } from './handlers/ensure-partitions.ts';
import { handleFinishErasures } from './handlers/finish-erasures.ts';
import { handleNightlyChunk } from './handlers/nightly-chunk.ts';
import { handlePlanNightly } from './handlers/plan-nightly.ts';
import { handleRefoldLearners } from './handlers/refold-learners.ts';
import { handleUpdateLearners } from './handlers/update-learner.ts';
import type { Log } from '@studyin/telemetry/log';
import type { Metrics } from './metrics.ts';

export type HandlerContext = {
  readonly app: App;
  readonly eraser: Eraser;
  readonly jobs: Jobs;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly log: Log;
};

/** Starts working all queues. `concurrency`: learners brought up to date at the same time. */
export async function startHandlers(
  context: HandlerContext,
  { concurrency }: { readonly concurrency: number },
): Promise<void> {
  const { jobs } = context;
  const learners = {
    localConcurrency: concurrency,
    batchSize: 20,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 1,
    // A notification wakes the worker; this is how soon a failed job whose time has come is tried again.
    notifyPollingIntervalSeconds: 2,
  };
  await jobs.workTogether(updateLearnerJob, learners, timed(context, updateLearnerJob, handleUpdateLearners));
  await jobs.work(
    ensurePartitionsJob,
    { pollingIntervalSeconds: 30 },
    timed(context, ensurePartitionsJob, handleEnsurePartitions),
  );
  await jobs.work(
    finishErasuresJob,
    { pollingIntervalSeconds: 30 },
    timed(context, finishErasuresJob, handleFinishErasures),
  );
  await jobs.work(planNightlyJob, { pollingIntervalSeconds: 5 }, timed(context, planNightlyJob, handlePlanNightly));
  // One after the other: those who study at night come first. By twos, since only a full batch of several is followed at once.
  await jobs.work(
    nightlyChunkJob,
    { batchSize: 2, burstWhenBatchFull: true, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 5 },
    timed(context, nightlyChunkJob, handleNightlyChunk),
  );
  await jobs.work(
    refoldLearnersJob,
    { ...learners, batchSize: 2, pollingIntervalSeconds: 2 },
    timed(context, refoldLearnersJob, handleRefoldLearners),
  );
}

type Handler<Claimed> = (context: HandlerContext, claimed: Claimed) => Promise<void>;

/** Jobs done together each took the time of all of them: that is how long they were held. */
function timed<Claimed extends object>(
  context: HandlerContext,
  { name }: Pick<JobContract, 'name'>,
  handle: Handler<Claimed>,
): (claimed: Claimed) => Promise<void> {
  return async (claimed) => {
    const started = performance.now();
    const jobs = [claimed].flat().length;
    const observe = (outcome: 'completed' | 'failed'): void => {
      const elapsedMs = performance.now() - started;
      for (let job = 0; job < jobs; job += 1) context.metrics.observeJob(name, outcome, elapsedMs);
    };
    try {
      await context.tracing.span({ name, kind: 'internal' }, () => handle(context, claimed));
      observe('completed');
    } catch (error) {
      observe('failed');
      throw error;
    }
  };
}
