// One batch until it is answered. What keeps events over a restart (a queue) calls this, and removes what has a result.
import type { Client } from './create-client.ts';
import { isRepeatable, isTooLarge, repeatDelayMs, retryAfterMs } from './repeat-rules.ts';
import { sleep } from './sleep.ts';
import type { EventInput, EventResult } from './wire-types.ts';

export type SendBatchOptions = {
  /** Ends the sending; what was on its way may have been stored. */
  readonly signal?: AbortSignal;
  /** After so much time without an answer the last error is thrown. Default 120,000. */
  readonly giveUpAfterMs?: number;
};

export type BatchOutcome = {
  /** One for each event, in their order. */
  readonly results: readonly EventResult[];
  /** The server's clock as of the answer, ISO 8601; null where no request was answered with one. */
  readonly serverTime: string | null;
};

/**
 * Sends up to 500 events and returns what became of each. A call without an answer is repeated, with the same events, until
 * it has one; a batch that the server finds too large is halved, and an event too large by itself is `rejected` as `invalid`.
 *
 * Throws what cannot be mended by repeating (a token refused, an envelope that is not valid), and the last error after
 * `giveUpAfterMs`. Idempotent: sending the same events again answers `duplicate` for what was stored.
 */
export async function sendBatch(
  client: Pick<Client, 'tracking'>,
  events: readonly EventInput[],
  options: SendBatchOptions = {},
): Promise<BatchOutcome> {
  if (events.length === 0) return { results: [], serverTime: null };
  try {
    return await sendUntilAnswered(client, events, options);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    const [only] = events;
    if (events.length === 1 && only !== undefined) return { results: [tooLarge(only)], serverTime: null };
  }
  const middle = Math.ceil(events.length / 2);
  const first = await sendBatch(client, events.slice(0, middle), options);
  const second = await sendBatch(client, events.slice(middle), options);
  return { results: [...first.results, ...second.results], serverTime: second.serverTime ?? first.serverTime };
}

async function sendUntilAnswered(
  client: Pick<Client, 'tracking'>,
  events: readonly EventInput[],
  { signal, giveUpAfterMs = 120_000 }: SendBatchOptions,
): Promise<BatchOutcome> {
  const deadline = performance.now() + giveUpAfterMs;
  for (let failures = 1; ; failures += 1) {
    try {
      const answer = await client.tracking.events.mutate({ events: [...events] }, signal ? { signal } : {});
      if (answer.results.length === events.length) return answer;
      throw new Error(`${events.length} events were sent, ${answer.results.length} were answered`);
    } catch (error) {
      signal?.throwIfAborted();
      if (!isRepeatable(error)) throw error;
      const delayMs = repeatDelayMs(failures, Math.random(), { askedMs: retryAfterMs(error, Date.now()) });
      if (performance.now() + delayMs > deadline) throw error;
      await sleep(delayMs, signal);
    }
  }
}

function tooLarge(event: EventInput): EventResult {
  return { eventId: event.eventId ?? null, status: 'rejected', reason: 'invalid' };
}
