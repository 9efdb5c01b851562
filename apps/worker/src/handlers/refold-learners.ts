import { refoldLearnersJob } from '@studyin/domain/jobs';
import type { ClaimedJob, RefoldChunk } from '@studyin/domain/jobs';
import { refoldLearners } from '@studyin/domain/services';
import type { HandlerContext } from '../handlers.ts';

/** Moves a range of learners to the active version of the mastery model. */
export async function handleRefoldLearners(
  { app, jobs }: HandlerContext,
  claimed: ClaimedJob<RefoldChunk>,
): Promise<void> {
  const started = performance.now();
  const outcome = await refoldLearners(app, claimed.data, (tx) => jobs.complete(tx, refoldLearnersJob, claimed));
  const elapsedMs = Math.round(performance.now() - started);
  app.log.info({ event: 'learners.refolded', version: claimed.data.version, ...outcome, elapsedMs });
}
