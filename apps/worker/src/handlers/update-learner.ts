import { updateLearnerJob } from '@studyin/domain/jobs';
import type { ClaimedJob } from '@studyin/domain/jobs';
import { updateLearner } from '@studyin/domain/services';
import type { HandlerContext } from '../handlers.ts';

/**
 * Brings one learner up to their facts; the job is completed in the transaction that saves the rows, or neither happens. The job
 * of somebody who was erased is deleted: its payload names them.
 */
export async function handleUpdateLearner(
  { app, jobs, log }: HandlerContext,
  claimed: ClaimedJob<{ readonly userId: string }>,
): Promise<void> {
  const started = performance.now();
  const outcome = await updateLearner(app, claimed.data, (tx, { isKnown }) =>
    isKnown ? jobs.complete(tx, updateLearnerJob, claimed) : jobs.remove(tx, updateLearnerJob, claimed),
  );
  log.debug({ event: 'learner.updated', ...outcome, elapsedMs: Math.round(performance.now() - started) });
}
