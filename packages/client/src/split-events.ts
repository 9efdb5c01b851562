import { utf8Length } from './utf8-length.ts';
import type { EventInput } from './wire-types.ts';

type SplitLimits = { readonly maxItems: number; readonly maxBytes: number };

/** 500 items is the server's limit. Its 256 KB for a body leave room above these for what superjson adds. */
const serverLimits: SplitLimits = { maxItems: 500, maxBytes: 200_000 };

/** The events in their order, as batches within both limits; one that is larger by itself is a batch of its own. O(bytes). */
export function splitEvents(
  events: readonly EventInput[],
  { maxItems, maxBytes }: SplitLimits = serverLimits,
): readonly (readonly EventInput[])[] {
  const batches: EventInput[][] = [];
  let current: EventInput[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = utf8Length(JSON.stringify(event)) + 1; // and its comma
    if (current.length > 0 && (current.length === maxItems || bytes + size > maxBytes)) {
      batches.push(current);
      current = [];
      bytes = 0;
    }
    current.push(event);
    bytes += size;
  }
  return current.length === 0 ? batches : [...batches, current];
}
