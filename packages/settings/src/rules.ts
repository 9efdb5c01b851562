// What due days and the ranking of gaps are made by, and what becomes of old rows: the same for the worker and the command line.
import { isAbsolute } from 'node:path';
import type { GapVersion, Scheduler } from '@studyin/domain/algorithms';
import { keptDaysLimits } from '@studyin/domain/services';
import type { RetentionRules } from '@studyin/domain/services';
import { z } from 'zod';
import { integer } from './fields.ts';

export type Rules = {
  readonly scheduler: Scheduler;
  readonly gapVersion: GapVersion;
  readonly retention: RetentionRules;
};

const days = ({ byDefault, min, max }: (typeof keptDaysLimits)[keyof typeof keptDaysLimits]) =>
  integer(byDefault, min, max);

/** Of each process that reads them all. */
export const ruleSettings = {
  STUDYIN_SCHEDULER: z
    .enum(['fsrs-6', 'sm2-seed', 'sm2'])
    .default('fsrs-6')
    .describe('must be one of fsrs-6, sm2-seed, sm2'),
  STUDYIN_GAP_VERSION: z.enum(['1', '2']).default('2').describe('must be 1 or 2'),
  STUDYIN_ARCHIVE_DIR: z.string().refine(isAbsolute).optional().describe('must be an absolute path'),
  STUDYIN_ACCESS_LOG_DAYS: days(keptDaysLimits.accessLogDays),
  STUDYIN_QUARANTINE_DAYS: days(keptDaysLimits.quarantineDays),
  STUDYIN_FINISHED_JOB_DAYS: days(keptDaysLimits.finishedJobDays),
  STUDYIN_DEAD_LETTER_DAYS: days(keptDaysLimits.deadLetterDays),
  STUDYIN_NIGHT_DAYS: days(keptDaysLimits.nightDays),
};

type RuleSettings = z.output<z.ZodObject<typeof ruleSettings>>;

export function toRules(found: RuleSettings): Rules {
  return {
    scheduler: found.STUDYIN_SCHEDULER,
    gapVersion: found.STUDYIN_GAP_VERSION === '1' ? 1 : 2,
    retention: {
      archiveDir: found.STUDYIN_ARCHIVE_DIR ?? null,
      accessLogDays: found.STUDYIN_ACCESS_LOG_DAYS,
      quarantineDays: found.STUDYIN_QUARANTINE_DAYS,
      finishedJobDays: found.STUDYIN_FINISHED_JOB_DAYS,
      deadLetterDays: found.STUDYIN_DEAD_LETTER_DAYS,
      nightDays: found.STUDYIN_NIGHT_DAYS,
    },
  };
}
