import { createStudyDayCalculator, DEFAULT_GAP_VERSION } from '../algorithms/index.ts';
import type { GapVersion, Scheduler } from '../algorithms/index.ts';
import { databaseClock } from '../app.ts';
import type { App, Clock, Keys, Log, RetentionRules } from '../app.ts';
import type { Database } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';
import { createCurriculumCache } from './curriculum-cache.ts';
import { createLearnerZones } from './learner-zones.ts';
import { createModelCache } from './model-cache.ts';
import { refitModel } from './mastery-models/refit-model.ts';
import { requireLearner } from './require-learner.ts';
import { keptDaysLimits } from './retention/old-rows.ts';

export type AppParts = {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'boss'>;
  readonly keys: Keys;
  readonly log: Log;
  /** Default: the database's own clock. */
  readonly clock?: Clock;
  /** Default: fsrs-6. */
  readonly scheduler?: Scheduler;
  /** Default: 2. */
  readonly gapVersion?: GapVersion;
  /** What is absent has its default: no archive, and the days of `keptDaysLimits`. */
  readonly retention?: Partial<RetentionRules>;
  /** How a version of the mastery model is made. Default: in this process, which then holds up to 200,000 answers. */
  readonly refit?: App['refit'];
};

const defaultRetention: RetentionRules = {
  archiveDir: null,
  accessLogDays: keptDaysLimits.accessLogDays.byDefault,
  quarantineDays: keptDaysLimits.quarantineDays.byDefault,
  finishedJobDays: keptDaysLimits.finishedJobDays.byDefault,
  deadLetterDays: keptDaysLimits.deadLetterDays.byDefault,
  nightDays: keptDaysLimits.nightDays.byDefault,
};

/** What use cases need, from what a process has opened. Opens and closes nothing itself. */
export function createApp(parts: AppParts): App {
  const { database, jobs, keys, log, clock = databaseClock } = parts;
  const { scheduler = 'fsrs-6', gapVersion = DEFAULT_GAP_VERSION, retention } = parts;
  const models = createModelCache();
  return {
    database,
    jobs,
    keys,
    log,
    clock,
    curriculum: createCurriculumCache(database.reader),
    models,
    refit: parts.refit ?? (() => refitModel({ database, jobs, models })),
    studyDayAt: createStudyDayCalculator(),
    zones: createLearnerZones(),
    requireLearner,
    scheduler,
    gapVersion,
    retention: { ...defaultRetention, ...retention },
  };
}
