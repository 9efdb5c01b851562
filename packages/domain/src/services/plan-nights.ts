import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { enqueue, nightlyChunkJob } from '../jobs/index.ts';
import { getNowMs, lockWatermarks } from '../stores/batch-store.ts';
import { nextNightWork } from './nightly/next-night.ts';
import { planStep } from './nightly/plan-step.ts';
import { nightSteps, stepNames } from './nightly/steps.ts';

export type PlannedStep = { readonly step: string; readonly day: string; readonly chunks: number };

/**
 * Finds the oldest night that is due and not done, and the first of its steps that is not, and enqueues the chunks that are left
 * of it; runs `inSameTx` last in the same transaction. Idempotent: what is done is not planned again, what lies in the queue not
 * sent again. Null: nothing is due. The last chunk of a step enqueues the next plan, so that a night goes on by itself.
 */
export async function planNights(
  app: Pick<App, 'database' | 'jobs' | 'clock'>,
  inSameTx: (tx: Tx) => Promise<void> = () => Promise.resolve(),
): Promise<PlannedStep | null> {
  return app.database.transaction(async (tx) => {
    const watermarks = await lockWatermarks(tx, stepNames);
    const nowMs = app.clock.fixedAt?.getTime() ?? (await getNowMs(tx));
    const work = nextNightWork(nightSteps, watermarks, nowMs);
    const chunks = work === null ? [] : await planStep(tx, work);
    await enqueue(app.jobs, tx, { job: nightlyChunkJob, payloads: chunks });
    await inSameTx(tx);
    return work === null ? null : { step: work.step.name, day: work.day, chunks: chunks.length };
  });
}
