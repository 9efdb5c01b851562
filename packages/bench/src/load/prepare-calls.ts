// Whole HTTP requests as bytes, made before the clock starts.
import { createAttemptSource } from './attempt-source.ts';
import type { Attempt } from './attempt-source.ts';
import type { AttemptCalls, ReadCalls } from './load-order.ts';

/** `attempts`: how many its answer must say are stored; null of a read, which must be answered with a result. */
export type PreparedCall = { readonly request: Buffer; readonly attempts: number | null };

type Counted<Calls> = Calls & { readonly calls: number };

export function prepareCalls(
  order: Counted<AttemptCalls> | Counted<ReadCalls>,
  nowMs: number,
): readonly PreparedCall[] {
  return 'reads' in order ? prepareReads(order) : prepareAttempts(order, nowMs);
}

function prepareReads({ url, reads, calls }: Counted<ReadCalls>): readonly PreparedCall[] {
  const { host } = new URL(url);
  const prepared = reads.map(({ path, token }) => {
    const head = [`GET ${path} HTTP/1.1`, `host: ${host}`, `authorization: Bearer ${token}`].join('\r\n');
    return { request: Buffer.from(`${head}\r\n\r\n`), attempts: null };
  });
  return Array.from({ length: calls }, (_, n) => prepared[n % prepared.length] ?? refuseNone());
}

function refuseNone(): never {
  throw new RangeError('a load of reads has at least one');
}

function prepareAttempts(
  { url, seed, tokens, attemptsACall, calls }: Counted<AttemptCalls>,
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
