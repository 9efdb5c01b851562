import { ensurePartitionsJob, finishErasuresJob, planNightlyJob } from '@studyin/domain/jobs';
import type { Jobs } from '@studyin/domain/jobs';

/** Jobs by the clock, in UTC. A time that passed while no worker ran is made up for once. */
const schedules = [
  { job: ensurePartitionsJob, key: '', cron: '5 0 * * *' },
  // What the day has left over; then what reads all learners, to be done by 05:00.
  { job: planNightlyJob, key: 'daily-stats', cron: '5 0 * * *' },
  { job: planNightlyJob, key: 'heavy', cron: '0 2 * * *' },
  { job: finishErasuresJob, key: '', cron: '*/10 * * * *' },
] as const;

/** Writes the schedules down; every worker does, and the last writer changes nothing. */
export async function startSchedules({ boss }: Pick<Jobs, 'boss'>): Promise<void> {
  for (const { job, key, cron } of schedules) {
    await boss.schedule(job.name, cron, {}, { tz: 'UTC', missed: 'once', key });
  }
}
