import type { Client } from './create-client.ts';
import { sendBatch } from './send-batch.ts';
import type { SendBatchOptions } from './send-batch.ts';
import { splitEvents } from './split-events.ts';
import type { EventInput, EventResult } from './wire-types.ts';

export type SendProgress = { readonly answered: number; readonly total: number };

export type SendEventsOptions = SendBatchOptions & {
  /** Called after each batch. */
  readonly onProgress?: (progress: SendProgress) => void;
};

/**
 * Sends any number of events, one batch after the other, and returns what became of each, in their order.
 *
 * Throws as `sendBatch` does. What was stored before stays stored; sending all again with the same ids doubles nothing.
 */
export async function sendEvents(
  client: Pick<Client, 'tracking'>,
  events: readonly EventInput[],
  { onProgress, ...options }: SendEventsOptions = {},
): Promise<readonly EventResult[]> {
  const results: EventResult[] = [];
  for (const batch of splitEvents(events)) {
    options.signal?.throwIfAborted();
    const outcome = await sendBatch(client, batch, options);
    results.push(...outcome.results);
    onProgress?.({ answered: results.length, total: events.length });
  }
  return results;
}
