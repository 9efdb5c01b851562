import { isAbsolute } from 'node:path';
import type { GapVersion, Scheduler } from '@studyin/domain/algorithms';
import { DomainError } from '@studyin/domain/errors';
import { keptDaysLimits } from '@studyin/domain/services';
import type { RetentionRules } from '@studyin/domain/services';
import { z } from 'zod';

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

export type Config = {
  readonly database: { readonly url: string; readonly role: string | undefined; readonly poolSize: number };
  /** Learners brought up to date at the same time. */
  readonly concurrency: number;
  /** Where /livez, /readyz and /metrics answer; null: nowhere. */
  readonly http: { readonly host: string; readonly port: number } | null;
  readonly keys: { readonly session: string; readonly sessionPrevious: string | undefined; readonly subject: string };
  /** What due days and the ranking of gaps are made by, and what becomes of old rows. */
  readonly rules: {
    readonly scheduler: Scheduler;
    readonly gapVersion: GapVersion;
    readonly retention: RetentionRules;
  };
  /** Where traces go (null: nowhere), and how many of a hundred that begin here. */
  readonly traces: { readonly url: string | null; readonly percent: number };
  readonly logLevel: LogLevel;
};

export type Env = Readonly<Record<string, string | undefined>>;

/** The only reader of `process.env` in this process. */
export function readEnv(): Env {
  return process.env;
}

const integer = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback)
    .describe(`must be a whole number from ${min} to ${max}`);

const isHttpUrl = (text: string) => /^https?:/.test(text) && URL.canParse(text);
const isPostgresUrl = (text: string) => /^postgres(ql)?:\/\/[^/]/.test(text) && URL.canParse(text);
const secretKey = z.string().min(32).describe('must have at least 32 characters');

type Limits = { readonly byDefault: number; readonly min: number; readonly max: number };
const days = ({ byDefault, min, max }: Limits) => integer(byDefault, min, max);

// Each description finishes the sentence "<setting> …" that a wrong value stops the start with.
const settings = z.object({
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl)
    .describe('must be a URL such as postgres://login:password@host:5432/database'),
  STUDYIN_ROLE: z
    .string()
    .regex(/^([a-z_][a-z0-9_]{0,62})?$/)
    .default('studyin_runtime')
    .describe('must be the name of a database role, or empty'),
  STUDYIN_WORKER_CONCURRENCY: integer(2, 1, 64),
  STUDYIN_WORKER_POOL_SIZE: integer(6, 2, 500),
  STUDYIN_WORKER_HOST: z.string().regex(/^\S+$/).default('127.0.0.1').describe('must be an address to listen on'),
  STUDYIN_WORKER_PORT: integer(0, 0, 65_535),
  STUDYIN_SESSION_KEY: secretKey,
  STUDYIN_SESSION_KEY_PREVIOUS: secretKey.optional().describe('must have at least 32 characters'),
  STUDYIN_SUBJECT_KEY: secretKey,
  STUDYIN_SCHEDULER: z
    .enum(['fsrs-6', 'sm2-seed', 'sm2'])
    .default('fsrs-6')
    .describe('must be one of fsrs-6, sm2-seed, sm2'),
  STUDYIN_GAP_VERSION: z.enum(['1', '2']).default('2').describe('must be 1 or 2'),
  STUDYIN_TRACES_URL: z.string().refine(isHttpUrl).optional().describe('must be an http or https URL'),
  STUDYIN_TRACES_PERCENT: integer(100, 0, 100),
  STUDYIN_ARCHIVE_DIR: z.string().refine(isAbsolute).optional().describe('must be an absolute path'),
  STUDYIN_ACCESS_LOG_DAYS: days(keptDaysLimits.accessLogDays),
  STUDYIN_QUARANTINE_DAYS: days(keptDaysLimits.quarantineDays),
  STUDYIN_FINISHED_JOB_DAYS: days(keptDaysLimits.finishedJobDays),
  STUDYIN_DEAD_LETTER_DAYS: days(keptDaysLimits.deadLetterDays),
  STUDYIN_NIGHT_DAYS: days(keptDaysLimits.nightDays),
  LOG_LEVEL: z
    .enum(logLevels)
    .default('info')
    .describe(`must be one of ${logLevels.join(', ')}`),
});

type SettingName = keyof typeof settings.shape;

/**
 * The configuration that an environment says, defaults filled in; an empty value counts as absent, but for STUDYIN_ROLE.
 * Throws `misconfigured` with one line that names every wrong setting and never shows a value.
 */
export function envToConfig(env: Env): Config {
  const names = Object.keys(settings.shape) as SettingName[]; // as: the keys of an object literal
  const given = names.filter((name) => env[name] !== undefined && (env[name] !== '' || name === 'STUDYIN_ROLE'));
  const parsed = settings.safeParse(Object.fromEntries(given.map((name) => [name, env[name]])));
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0] as SettingName)); // as: the keys of the schema
    const problems = [...wrong].map((name) =>
      given.includes(name) ? `${name} ${settings.shape[name].description ?? 'is not valid'}` : `${name} is not set`,
    );
    throw new DomainError('misconfigured', `${problems.join('; ')}.`);
  }
  return toConfig(parsed.data);
}

function toConfig(found: z.output<typeof settings>): Config {
  return {
    database: {
      url: found.DATABASE_URL,
      role: found.STUDYIN_ROLE === '' ? undefined : found.STUDYIN_ROLE,
      poolSize: Math.max(found.STUDYIN_WORKER_POOL_SIZE, found.STUDYIN_WORKER_CONCURRENCY + 1),
    },
    concurrency: found.STUDYIN_WORKER_CONCURRENCY,
    http: found.STUDYIN_WORKER_PORT === 0 ? null : { host: found.STUDYIN_WORKER_HOST, port: found.STUDYIN_WORKER_PORT },
    keys: {
      session: found.STUDYIN_SESSION_KEY,
      sessionPrevious: found.STUDYIN_SESSION_KEY_PREVIOUS,
      subject: found.STUDYIN_SUBJECT_KEY,
    },
    rules: {
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
    },
    traces: { url: found.STUDYIN_TRACES_URL ?? null, percent: found.STUDYIN_TRACES_PERCENT },
    logLevel: found.LOG_LEVEL,
  };
}
