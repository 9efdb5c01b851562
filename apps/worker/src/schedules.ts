import { ensurePartitionsJob } from '@studyin/domain/jobs';
import type { Jobs } from '@studyin/domain/jobs';

/** Jobs by the clock, in UTC. A time that passed while no worker ran is made up for once. */
const schedules = [{ job: ensurePartitionsJob, cron: '5 0 * * *' }] as const;

/** Writes the schedules down; every worker does, and the last writer changes nothing. */
export async function startSchedules({ boss }: Pick<Jobs, 'boss'>): Promise<void> {
  for (const { job, cron } of schedules) await boss.schedule(job.name, cron, {}, { tz: 'UTC', missed: 'once' });
}
