import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { enqueue, planNightlyJob } from '../jobs/index.ts';
import type { NightlyChunk } from '../jobs/index.ts';
import { claimOpenChunk, finishClaimedChunk, isChunkOpen } from '../stores/batch-store.ts';
import type { ChunkResult } from './nightly/night-step.ts';
import { getStep } from './nightly/steps.ts';

export type ChunkOutcome = Required<ChunkResult> & {
  /** Whether this was the last chunk of its step and night. */
  readonly isStepDone: boolean;
};

/**
 * Does one chunk of a step, and marks it done together with whatever `inSameTx` does (a worker completes its job there). With the
 * last chunk the step's watermark moves and the next plan is enqueued. Killed in between, it is simply run again: the steps
 * change nothing that they have changed already. A chunk that is done, or that no plan knows, is passed over.
 */
export async function runNightChunk(
  app: App,
  chunk: NightlyChunk,
  inSameTx: (tx: Tx) => Promise<void> = () => Promise.resolve(),
): Promise<ChunkOutcome> {
  const { rows, differences = 0 } = await runOpenChunk(app, chunk);
  const isStepDone = await app.database.transaction(async (tx) => {
    const isDone = await finishChunk(tx, chunk, rows);
    if (isDone) await enqueue(app.jobs, tx, { job: planNightlyJob, payloads: [{}] });
    await inSameTx(tx);
    return isDone;
  });
  return { rows, differences, isStepDone };
}

/** The work of a chunk that is planned and not done. */
export async function runOpenChunk(app: App, chunk: NightlyChunk): Promise<ChunkResult> {
  if (!(await isChunkOpen(app.database.reader, chunk))) return { rows: 0 };
  return getStep(chunk.step).run(app, chunk);
}

/** Marks a chunk done; answers whether its step is done with that. False also where it was done before. */
export async function finishChunk(tx: Tx, chunk: NightlyChunk, rows: number): Promise<boolean> {
  return (await claimOpenChunk(tx, chunk)) && (await finishClaimedChunk(tx, chunk, rows));
}
