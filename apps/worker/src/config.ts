import * as fields from '@studyin/settings/fields';
import type { LogLevel } from '@studyin/settings/fields';
import { readSettings } from '@studyin/settings/read-settings';
import type { Env } from '@studyin/settings/read-settings';
import { ruleSettings, toRules } from '@studyin/settings/rules';
import type { Rules } from '@studyin/settings/rules';
import { z } from 'zod';

export type Config = {
  readonly database: { readonly url: string; readonly role: string | undefined; readonly poolSize: number };
  /** Learners brought up to date at the same time. */
  readonly concurrency: number;
  /** Where /livez, /readyz and /metrics answer; null: nowhere. */
  readonly http: { readonly host: string; readonly port: number } | null;
  readonly keys: { readonly session: string; readonly sessionPrevious: string | undefined; readonly subject: string };
  /** What due days and the ranking of gaps are made by, and what becomes of old rows. */
  readonly rules: Rules;
  /** Where traces go (null: nowhere), and how many of a hundred that begin here. */
  readonly traces: { readonly url: string | null; readonly percent: number };
  readonly logLevel: LogLevel;
};

/** The only reader of `process.env` in this process. */
export function readEnv(): Env {
  return process.env;
}

// Each description finishes the sentence "<setting> …" that a wrong value stops the start with.
const settings = z.object({
  DATABASE_URL: fields.databaseUrl,
  STUDYIN_ROLE: fields.role,
  STUDYIN_WORKER_CONCURRENCY: fields.integer(2, 1, 64),
  STUDYIN_WORKER_POOL_SIZE: fields.integer(6, 2, 500),
  STUDYIN_WORKER_HOST: fields.listeningHost,
  STUDYIN_WORKER_PORT: fields.integer(0, 0, 65_535),
  STUDYIN_SESSION_KEY: fields.secretKey,
  STUDYIN_SESSION_KEY_PREVIOUS: fields.optionalSecretKey,
  STUDYIN_SUBJECT_KEY: fields.secretKey,
  ...ruleSettings,
  STUDYIN_TRACES_URL: fields.tracesUrl,
  STUDYIN_TRACES_PERCENT: fields.tracesPercent,
  LOG_LEVEL: fields.logLevel,
});

/** The configuration that an environment says. Throws `misconfigured` as `readSettings` does. */
export function envToConfig(env: Env): Config {
  return toConfig(readSettings(settings, env));
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
    rules: toRules(found),
    traces: { url: found.STUDYIN_TRACES_URL ?? null, percent: found.STUDYIN_TRACES_PERCENT },
    logLevel: found.LOG_LEVEL,
  };
}
