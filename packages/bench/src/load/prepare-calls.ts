// Whole HTTP requests as bytes, made before the clock starts.
import { createAttemptSource } from './attempt-source.ts';
import type { Attempt } from './attempt-source.ts';
import type { LoadOrder } from './load-order.ts';

export type PreparedCall = { readonly request: Buffer; readonly attempts: number };

export function prepareCalls(
  { url, seed, tokens, attemptsACall, calls }: Omit<LoadOrder, 'connections' | 'seconds' | 'callsPerSecond'>,
  nowMs: number,
): readonly PreparedCall[] {
  const { host, pathname } = new URL(url);
  const source = createAttemptSource({ seed, learners: tokens.length, nowMs });
  return Array.from({ length: calls }, () => {
    const { learner, attempts } = source.next(attemptsACall);
    const body = JSON.stringify({ json: attemptsACall === 1 ? flat(attempts[0]) : { events: attempts.map(wireItem) } });
    const head = [
      `POST ${pathname} HTTP/1.1`,
      `host: ${host}`,
      `authorization: Bearer ${tokens[learner]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
    ].join('\r\n');
    return { request: Buffer.from(`${head}\r\n\r\n${body}`), attempts: attempts.length };
  });
}

/** The item of a batch. */
export function wireItem(attempt: Attempt): object {
  return { eventType: 'question_attempt', timezone: 'UTC', ...attempt };
}

function flat(attempt: Attempt | undefined): object {
  if (attempt === undefined) throw new RangeError('a call has at least one answer');
  const { properties, ...ids } = attempt;
  return { timezone: 'UTC', ...ids, ...properties };
}
