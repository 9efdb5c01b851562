import { updateLearnerJob } from '@studyin/domain/jobs';
import type { ClaimedJob } from '@studyin/domain/jobs';
import { updateLearners } from '@studyin/domain/services';
import type { HandlerContext } from '../handlers.ts';

/**
 * Brings learners up to their facts, those whose jobs were claimed at once in one transaction; the jobs are completed in it, or
 * nothing happens. The job of somebody who was erased is deleted: its payload names them.
 */
export async function handleUpdateLearners(
  { app, jobs, log }: HandlerContext,
  claimed: readonly ClaimedJob<{ readonly userId: string }>[],
): Promise<void> {
  const started = performance.now();
  const userIds = claimed.map(({ data }) => data.userId);
  const outcomes = await updateLearners(app, userIds, async (tx, known) => {
    const isKnown = ({ data }: (typeof claimed)[number]): boolean => known.has(data.userId);
    await jobs.complete(tx, updateLearnerJob, claimed.filter(isKnown));
    await jobs.remove(
      tx,
      updateLearnerJob,
      claimed.filter((one) => !isKnown(one)),
    );
  });
  const elapsedMs = Math.round(performance.now() - started);
  for (const outcome of outcomes.values()) log.debug({ event: 'learner.updated', ...outcome, elapsedMs });
}
