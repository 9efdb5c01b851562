// When a call is repeated, and after how long.
import { TRPCClientError } from '@trpc/client';
import { NoAnswerError } from './no-answer-error.ts';

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;

const repeatableCodes: ReadonlySet<unknown> = new Set([
  'TIMEOUT',
  'TOO_MANY_REQUESTS',
  'CLIENT_CLOSED_REQUEST',
  'INTERNAL_SERVER_ERROR',
  'BAD_GATEWAY',
  'SERVICE_UNAVAILABLE',
  'GATEWAY_TIMEOUT',
]);
const repeatableStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether the same call may succeed later: nobody answered, or the answer was "not now". */
export function isRepeatable(error: unknown): boolean {
  const cause = noAnswerOf(error);
  // A page with status 200 comes from a proxy too, such as a network's login.
  if (cause) return cause.status === null || cause.status < 400 || repeatableStatuses.has(cause.status);
  return repeatableCodes.has(codeOf(error));
}

/** Whether the server, or a proxy before it, refused the size. */
export function isTooLarge(error: unknown): boolean {
  return codeOf(error) === 'PAYLOAD_TOO_LARGE' || noAnswerOf(error)?.status === 413;
}

export type RepeatLimits = {
  /** What the server's `Retry-After` asked for. */
  readonly askedMs?: number | null;
  /** Where doubling ends. Default 10,000. */
  readonly longestMs?: number;
};

/**
 * How long to wait before the next try: 200 ms doubled with each failure up to `longestMs`, of which a random half, so that many
 * clients do not return at once; never less than the server asked for.
 *
 * `failures`: at least 1. `random`: uniform in [0, 1).
 */
export function repeatDelayMs(
  failures: number,
  random: number,
  { askedMs = null, longestMs = LONGEST_DELAY_MS }: RepeatLimits = {},
): number {
  const longest = Math.min(longestMs, FIRST_DELAY_MS * 2 ** (failures - 1));
  const backOff = longest * (0.5 + random / 2);
  return askedMs === null ? backOff : Math.max(backOff, askedMs + random * FIRST_DELAY_MS);
}

/** The `Retry-After` of a failed call in milliseconds; null where there is none that can be read. */
export function retryAfterMs(error: unknown, nowMs: number): number | null {
  const text = retryAfterOf(error)?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

function retryAfterOf(error: unknown): string | null {
  const cause = noAnswerOf(error);
  if (cause) return cause.retryAfter;
  const response = error instanceof TRPCClientError ? error.meta?.['response'] : null;
  if (typeof response !== 'object' || response === null || !('headers' in response)) return null;
  return response.headers instanceof Headers ? response.headers.get('retry-after') : null;
}

function noAnswerOf(error: unknown): NoAnswerError | null {
  return error instanceof TRPCClientError && error.cause instanceof NoAnswerError ? error.cause : null;
}

function codeOf(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return null;
  const data: unknown = error.data; // typed as any for a router that is not named
  return typeof data === 'object' && data !== null && 'code' in data ? data.code : null;
}
