// What a use case may use, made once by each process's composition root.
import type { Database, Reader } from './database/index.ts';
import type { GapVersion, Scheduler, StudyDayCalculator } from './algorithms/index.ts';
import type { Jobs } from './jobs/index.ts';
import type { CurriculumCache } from './services/curriculum-cache.ts';
import type { LearnerZones } from './services/learner-zones.ts';
import type { ModelCache } from './services/model-cache.ts';
import type { Refit } from './services/mastery-models/refit-model.ts';

/** The instant that decides clock skew and the window of acceptance: the database's own `now()`, in tests a fixed one. */
export type Clock = { readonly fixedAt: Date | null };

/** Events, not prose: `log.info({ event: 'mastery.updated', attempts: 12 })`. Never personal data. */
export type Log = {
  info(fields: { readonly event: string } & Record<string, unknown>): void;
  warn(fields: { readonly event: string } & Record<string, unknown>): void;
  error(fields: { readonly event: string } & Record<string, unknown>): void;
};

export type Keys = {
  /** Turns wire session ids into stored ones. */
  readonly session: string;
  /** While set, a session that was stored under it keeps its id. */
  readonly sessionPrevious?: string | undefined;
  /** Tombstones and the access log; never rotated. */
  readonly subject: string;
};

/** What becomes of what is too old to be kept. */
export type RetentionRules = {
  /** Where each old month of facts is written before it is dropped; null: nowhere. */
  readonly archiveDir: string | null;
  /** Days that rows of the access log are kept. */
  readonly accessLogDays: number;
  readonly quarantineDays: number;
  readonly finishedJobDays: number;
  readonly deadLetterDays: number;
  /** Days that the distributions over learners of a night are kept, and chunks of one that was never finished. */
  readonly nightDays: number;
};

export type App = {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'boss'>;
  readonly curriculum: CurriculumCache;
  readonly models: ModelCache;
  /** Makes a version of the mastery model, in this process or in one of its own. */
  readonly refit: () => Promise<Refit>;
  readonly clock: Clock;
  readonly log: Log;
  readonly studyDayAt: StudyDayCalculator;
  readonly zones: LearnerZones;
  /**
   * Throws `not_found` for who is no learner. Dashboards ask it when a read came back empty; `knownLearner` is for those before which
   * the learner was looked at anyhow.
   */
  readonly requireLearner: (reader: Reader, userId: string) => Promise<void>;
  readonly keys: Keys;
  /** What makes the due days. Another one than a learner's rows were made by replays them with the learner's next update. */
  readonly scheduler: Scheduler;
  readonly gapVersion: GapVersion;
  readonly retention: RetentionRules;
};

export const databaseClock: Clock = { fixedAt: null };
