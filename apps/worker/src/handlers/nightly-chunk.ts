import { nightlyChunkJob } from '@studyin/domain/jobs';
import type { ClaimedJob, NightlyChunk } from '@studyin/domain/jobs';
import { runNightChunk } from '@studyin/domain/services';
import type { HandlerContext } from '../handlers.ts';

/** Does one chunk of a night; the job is completed in the transaction that marks it done. */
export async function handleNightlyChunk(
  { app, jobs, metrics }: HandlerContext,
  claimed: ClaimedJob<NightlyChunk>,
): Promise<void> {
  const started = performance.now();
  const { step, day } = claimed.data;
  const outcome = await runNightChunk(app, claimed.data, (tx) => jobs.complete(tx, nightlyChunkJob, claimed));
  metrics.countDifferences(outcome.differences);
  app.log.info({
    event: 'nightly.chunk_done',
    step,
    day,
    ...outcome,
    elapsedMs: Math.round(performance.now() - started),
  });
}
