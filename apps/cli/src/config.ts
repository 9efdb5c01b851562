// What the environment says to the command line; the settings that only API and worker know are handed on to them.
import { isAbsolute, resolve } from 'node:path';
import * as fields from '@studyin/settings/fields';
import { readSettings } from '@studyin/settings/read-settings';
import type { Env } from '@studyin/settings/read-settings';
import { ruleSettings, toRules } from '@studyin/settings/rules';
import type { Rules } from '@studyin/settings/rules';
import { z } from 'zod';

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
  readonly rules: Rules;
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
// Each description finishes the sentence "<setting> …".
const settings = z.object({
  DATABASE_URL: fields.optionalDatabaseUrl,
  STUDYIN_ROLE: fields.role,
  STUDYIN_HOME: z.string().default('.studyin').describe('must be a folder'),
  STUDYIN_PORT: fields.optionalInteger(1, 65_535),
  STUDYIN_API_URL: z
    .string()
    .refine(fields.isHttpUrl)
    .optional()
    .describe('must be a URL such as http://127.0.0.1:4000'),
  ...ruleSettings,
  STUDYIN_TOKEN_SECRET: fields.optionalSecretKey,
  STUDYIN_JWKS_URL: z.string().refine(fields.isHttpUrl).optional().describe('must be an https URL'),
  STUDYIN_SESSION_KEY: fields.optionalSecretKey,
  STUDYIN_SESSION_KEY_PREVIOUS: fields.optionalSecretKey,
  STUDYIN_SUBJECT_KEY: fields.optionalSecretKey,
  LOG_LEVEL: fields.logLevel,
  STUDYIN_TOKEN_ISSUER: fields.text('studyin'),
  STUDYIN_TOKEN_AUDIENCE: fields.text('studyin-analytics'),
});

/** The configuration that an environment says. Throws `misconfigured` as `readSettings` does. */
export function envToConfig(env: Env): Config {
  const found = readSettings(settings, env);
  return {
    databaseUrl: found.DATABASE_URL ?? null,
    role: found.STUDYIN_ROLE === '' ? undefined : found.STUDYIN_ROLE,
    home: isAbsolute(found.STUDYIN_HOME) ? found.STUDYIN_HOME : resolve(workspaceRoot, found.STUDYIN_HOME),
    api: { port: found.STUDYIN_PORT ?? DEFAULT_PORT, isPortDefault: found.STUDYIN_PORT === undefined },
    apiUrl: found.STUDYIN_API_URL ?? null,
    rules: toRules(found),
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
