import { createStudyDayCalculator } from '../algorithms/index.ts';
import { databaseClock } from '../app.ts';
import type { App, Clock, Keys, Log } from '../app.ts';
import type { Database } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';
import { createCurriculumCache } from './curriculum-cache.ts';

export type AppParts = {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'boss'>;
  readonly keys: Keys;
  readonly log: Log;
  /** Default: the database's own clock. */
  readonly clock?: Clock;
};

/** What use cases need, from what a process has opened. Opens and closes nothing itself. */
export function createApp({ database, jobs, keys, log, clock = databaseClock }: AppParts): App {
  return {
    database,
    jobs,
    keys,
    log,
    clock,
    curriculum: createCurriculumCache(database.reader),
    studyDayAt: createStudyDayCalculator(),
  };
}
