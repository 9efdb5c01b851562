// What an operator watches of the database as a whole, whichever process is asked.
import type { App } from '../app.ts';
import { jobContracts, listBacklogs, updateLearnerJob } from '../jobs/index.ts';
import type { QueueBacklog } from '../jobs/index.ts';
import { areDaysDirty, countQuarantined } from '../stores/standing-store.ts';
import type { QuarantineCount } from '../stores/standing-store.ts';
import { findNightLag } from './find-night-lag.ts';
import type { NightLag } from './find-night-lag.ts';

/** By how many seconds a derived table may be behind the facts. */
export type TableLag = { readonly table: string; readonly seconds: number };

export type Standing = {
  readonly queues: readonly QueueBacklog[];
  readonly tables: readonly TableLag[];
  readonly nights: readonly NightLag[];
  readonly quarantine: readonly QuarantineCount[];
};

/** What brings a table up to its facts: a learner's job (of days: while one is dirty), a step of the night, or both. */
type Source = { readonly job: 'always' | 'dirty_days' | null; readonly step: string | null };

const sources: Readonly<Record<string, Source>> = {
  daily_user_stats: { job: 'dirty_days', step: null },
  knowledge_gaps: { job: 'always', step: 'mastery' },
  learner_progress: { job: 'always', step: null },
  peer_distributions: { job: null, step: 'peers' },
  question_progress: { job: 'always', step: null },
  question_statistics: { job: null, step: 'question-statistics' },
  topic_daily_stats: { job: 'dirty_days', step: null },
  topic_mastery: { job: 'always', step: 'mastery' },
  user_learning_metrics: { job: 'always', step: 'mastery' },
  weekly_user_stats: { job: 'dirty_days', step: null },
};

const DAY_SECONDS = 86_400;

/**
 * Queues, lag and quarantine at this moment. A table's lag is the age of the oldest unfinished job that may change it, or the
 * nights that its step has not done though it is past 05:00 UTC, whichever is longer; 0 where all is done.
 */
export async function findStanding(app: Pick<App, 'database' | 'clock'>): Promise<Standing> {
  const { reader } = app.database;
  const [queues, nights, areDirty, quarantine] = await Promise.all([
    listBacklogs(reader, jobContracts),
    findNightLag(app),
    areDaysDirty(reader),
    countQuarantined(reader),
  ]);
  const jobSeconds = queues.find(({ queue }) => queue === updateLearnerJob.name)?.oldestSeconds ?? 0;
  const lagOf = ({ job, step }: Source): number => {
    const byJob = job === 'always' || (job === 'dirty_days' && areDirty) ? jobSeconds : 0;
    const byNight = (nights.find((night) => night.step === step)?.lagDays ?? 0) * DAY_SECONDS;
    return Math.max(byJob, byNight);
  };
  const tables = Object.entries(sources).map(([table, source]) => ({ table, seconds: lagOf(source) }));
  return { queues, tables, nights, quarantine };
}
