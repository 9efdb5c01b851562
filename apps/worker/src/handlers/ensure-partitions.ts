import { ensurePartitionsJob } from '@studyin/domain/jobs';
import type { ClaimedJob } from '@studyin/domain/jobs';
import { ensurePartitions } from '@studyin/domain/services';
import type { HandlerContext } from '../handlers.ts';

/** Keeps the months of the facts ahead of the calendar. */
export async function handleEnsurePartitions(
  { app, jobs, log }: HandlerContext,
  claimed: ClaimedJob<object>,
): Promise<void> {
  const made = await ensurePartitions(app, (tx) => jobs.complete(tx, ensurePartitionsJob, claimed));
  log.info({ event: 'partitions.ensured', made });
}
