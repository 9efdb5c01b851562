// What the environment says to the command line; the settings that only API and worker know are handed on to them.
import { isAbsolute, resolve } from 'node:path';
import type { GapVersion, Scheduler } from '@studyin/domain/algorithms';
import { DomainError } from '@studyin/domain/errors';
import { keptDaysLimits } from '@studyin/domain/services';
import type { RetentionRules } from '@studyin/domain/services';
import { z } from 'zod';

export type Env = Readonly<Record<string, string | undefined>>;

export type Config = {
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  /** The role that processes take on; undefined: the login's own rights. */
  readonly role: string | undefined;
  /** Holds the embedded database and what was generated once. */
  readonly home: string;
  readonly api: {
    readonly port: number;
    /** Whether another free one may be taken. */ readonly isPortDefault: boolean;
  };
  /** An API that runs already. */
  readonly apiUrl: string | null;
  /** What due days and the ranking of gaps are made by, and what becomes of old rows; as the worker's. */
  readonly rules: {
    readonly scheduler: Scheduler;
    readonly gapVersion: GapVersion;
    readonly retention: RetentionRules;
  };
  readonly token: { readonly issuer: string; readonly audience: string };
  /** Public keys of the identity provider; null: tokens are signed with the shared secret. */
  readonly jwksUrl: string | null;
  /** Secrets given by the environment; those absent are generated and kept. */
  readonly given: {
    readonly tokenSecret: string | undefined;
    readonly sessionKey: string | undefined;
    readonly sessionKeyPrevious: string | undefined;
    readonly subjectKey: string | undefined;
  };
  /** What processes that are started log. */
  readonly logLevel: string;
  /** Everything, for the processes that are started. */
  readonly env: Env;
};

/** The only reader of `process.env` in this process. */
export function readEnv(): Env {
  return process.env;
}

/** The folder of the checkout. */
export const workspaceRoot = resolve(import.meta.dirname, '../../..');

const DEFAULT_PORT = 4000;
const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
const isUrlOf = (protocols: RegExp) => (text: string) => protocols.test(text) && URL.canParse(text);
const secret = z.string().min(32).optional().describe('must have at least 32 characters');

type Limits = { readonly byDefault: number; readonly min: number; readonly max: number };
const days = ({ byDefault, min, max }: Limits) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(byDefault)
    .describe(`must be a whole number from ${min} to ${max}`);

// Each description finishes the sentence "<setting> …".
const settings = z.object({
  DATABASE_URL: z
    .string()
    .refine(isUrlOf(/^postgres(ql)?:\/\/[^/]/))
    .optional()
    .describe('must be a URL such as postgres://login:password@host:5432/database'),
  STUDYIN_ROLE: z
    .string()
    .regex(/^([a-z_][a-z0-9_]{0,62})?$/)
    .default('studyin_runtime')
    .describe('must be the name of a database role, or empty'),
  STUDYIN_HOME: z.string().default('.studyin').describe('must be a folder'),
  STUDYIN_PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(65_535))
    .optional()
    .describe('must be a whole number from 1 to 65535'),
  STUDYIN_API_URL: z
    .string()
    .refine(isUrlOf(/^https?:/))
    .optional()
    .describe('must be a URL such as http://127.0.0.1:4000'),
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
  STUDYIN_TOKEN_SECRET: secret,
  STUDYIN_JWKS_URL: z
    .string()
    .refine(isUrlOf(/^https?:/))
    .optional()
    .describe('must be an https URL'),
  STUDYIN_SESSION_KEY: secret,
  STUDYIN_SESSION_KEY_PREVIOUS: secret,
  STUDYIN_SUBJECT_KEY: secret,
  LOG_LEVEL: z
    .enum(logLevels)
    .default('info')
    .describe(`must be one of ${logLevels.join(', ')}`),
  STUDYIN_TOKEN_ISSUER: z.string().default('studyin').describe('must be a text'),
  STUDYIN_TOKEN_AUDIENCE: z.string().default('studyin-analytics').describe('must be a text'),
});

type SettingName = keyof typeof settings.shape;

/**
 * The configuration that an environment says; an empty value counts as absent, but for STUDYIN_ROLE. Throws `misconfigured` with
 * one line that names every wrong setting and never shows a value.
 */
export function envToConfig(env: Env): Config {
  const names = Object.keys(settings.shape) as SettingName[]; // as: the keys of an object literal
  const given = names.filter((name) => env[name] !== undefined && (env[name] !== '' || name === 'STUDYIN_ROLE'));
  const parsed = settings.safeParse(Object.fromEntries(given.map((name) => [name, env[name]])));
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0] as SettingName)); // as: the keys of the schema
    const problems = [...wrong].map((name) => `${name} ${settings.shape[name].description ?? 'is not valid'}`);
    throw new DomainError('misconfigured', `${problems.join('; ')}.`);
  }
  const found = parsed.data;
  return {
    databaseUrl: found.DATABASE_URL ?? null,
    role: found.STUDYIN_ROLE === '' ? undefined : found.STUDYIN_ROLE,
    home: isAbsolute(found.STUDYIN_HOME) ? found.STUDYIN_HOME : resolve(workspaceRoot, found.STUDYIN_HOME),
    api: { port: found.STUDYIN_PORT ?? DEFAULT_PORT, isPortDefault: found.STUDYIN_PORT === undefined },
    apiUrl: found.STUDYIN_API_URL ?? null,
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
    jwksUrl: found.STUDYIN_JWKS_URL ?? null,
    token: { issuer: found.STUDYIN_TOKEN_ISSUER, audience: found.STUDYIN_TOKEN_AUDIENCE },
    given: {
      tokenSecret: found.STUDYIN_TOKEN_SECRET,
      sessionKey: found.STUDYIN_SESSION_KEY,
      sessionKeyPrevious: found.STUDYIN_SESSION_KEY_PREVIOUS,
      subjectKey: found.STUDYIN_SUBJECT_KEY,
    },
    logLevel: found.LOG_LEVEL,
    env,
  };
}
