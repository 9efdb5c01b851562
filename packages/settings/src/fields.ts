// Settings that more than one process has. Each description finishes the sentence "<setting> …" that a wrong value stops the
// start with.
import { z } from 'zod';

export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** A whole number within its bounds, or `byDefault`. */
export const integer = (byDefault: number, min: number, max: number) =>
  wholeNumber(min, max).default(byDefault).describe(`must be a whole number from ${min} to ${max}`);

/** A whole number within its bounds, or nothing. */
export const optionalInteger = (min: number, max: number) =>
  wholeNumber(min, max).optional().describe(`must be a whole number from ${min} to ${max}`);

export const isHttpUrl = (text: string): boolean => /^https?:/.test(text) && URL.canParse(text);
const isPostgresUrl = (text: string): boolean => /^postgres(ql)?:\/\/[^/]/.test(text) && URL.canParse(text);

const databaseText = z.string().refine(isPostgresUrl);
const DATABASE_HINT = 'must be a URL such as postgres://login:password@host:5432/database';
export const databaseUrl = databaseText.describe(DATABASE_HINT);
export const optionalDatabaseUrl = databaseText.optional().describe(DATABASE_HINT);

const keyText = z.string().min(32);
const KEY_HINT = 'must have at least 32 characters';
export const secretKey = keyText.describe(KEY_HINT);
export const optionalSecretKey = keyText.optional().describe(KEY_HINT);

/** The role that processes take on; empty: the login's own rights. */
export const role = z
  .string()
  .regex(/^([a-z_][a-z0-9_]{0,62})?$/)
  .default('studyin_runtime')
  .describe('must be the name of a database role, or empty');

export const listeningHost = z.string().regex(/^\S+$/).default('127.0.0.1').describe('must be an address to listen on');
export const text = (byDefault: string) => z.string().default(byDefault).describe('must be a text');
export const tracesUrl = z.string().refine(isHttpUrl).optional().describe('must be an http or https URL');
export const tracesPercent = integer(100, 0, 100);
export const logLevel = z
  .enum(logLevels)
  .default('info')
  .describe(`must be one of ${logLevels.join(', ')}`);
