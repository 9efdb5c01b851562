import { DomainError } from '@studyin/domain/errors';
import type { LogLevel } from '@studyin/settings/fields';
import pino from 'pino';
import type { Logger } from 'pino';

type Fields = { readonly event: string } & Record<string, unknown>;

/** Events, not prose; never personal data. */
export type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (fields: Fields) => void>>;

/** A log of JSON lines on standard output, each with the name of its process. */
export function createLog(process: 'api' | 'worker', level: LogLevel): Log {
  const logger: Logger = pino({ level, base: { process }, timestamp: pino.stdTimeFunctions.isoTime });
  return {
    debug: (fields) => logger.debug(fields),
    info: (fields) => logger.info(fields),
    warn: (fields) => logger.warn(fields),
    error: (fields) => logger.error(fields),
  };
}

export type ErrorSummary = {
  readonly name: string;
  readonly code?: string;
  readonly at: readonly string[];
  readonly cause?: ErrorSummary;
};

const FRAMES = 6;
const DEEPEST_CAUSE = 3;

/** An error without its message: a database quotes the offending value in it, and so may any library. */
export function describeError(error: unknown, depth = 0): ErrorSummary {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const code =
    error instanceof DomainError
      ? error.code
      : 'code' in error && typeof error.code === 'string'
        ? error.code
        : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    at: frames.slice(0, FRAMES).map((line) => line.trim()),
    ...(error.cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** Ends a process that could not do its work: one line on standard error, without what a message may quote, and exit code 1. */
export function failWith(what: string, error: unknown): void {
  const line = error instanceof DomainError ? error.message : `${what}: ${JSON.stringify(describeError(error))}`;
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}
