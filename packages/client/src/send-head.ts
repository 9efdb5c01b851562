// One batch, once: mint ids, store them, send, report, forget. An end at any of these points, and a start anew, sends the same
// ids again.
import type { Backlog } from './backlog.ts';
import { learnOffset } from './clock-offset.ts';
import { mintIds } from './mint-ids.ts';
import type { QueueStorage, WaitingAct } from './queue-storage.ts';
import { isTooLarge } from './repeat-rules.ts';
import type { BatchOutcome } from './send-batch.ts';
import type { TrackResult } from './track-result.ts';
import type { EventInput } from './wire-types.ts';

/** The server's limit. What gathered while nothing could be sent goes out in batches of this size. */
const MAX_ITEMS = 500;

export type SendHeadOptions = {
  readonly backlog: Backlog;
  readonly storage: Pick<QueueStorage, 'saveIds' | 'remove'>;
  /** One try, without repetition. */
  readonly send: (events: readonly EventInput[], signal: AbortSignal) => Promise<BatchOutcome>;
  readonly batchBytes: number;
  readonly onResult: (result: TrackResult) => void;
  readonly onError: (error: unknown) => void;
  /** Called when acts have left the backlog. */
  readonly onSettled: (keys: readonly string[]) => void;
};

/**
 * Makes the function that sends the oldest acts; it remembers what the server has taught: the time, and which size is too large.
 * It returns whether the same acts want another try at once, and throws where there was no answer.
 */
export function createHeadSend(options: SendHeadOptions): (signal: AbortSignal) => Promise<boolean> {
  let maxBytes = options.batchBytes;
  let offsetMs = 0;
  return async (signal) => {
    const entries = options.backlog.head({ maxItems: MAX_ITEMS, maxBytes });
    const acts = await withIds(
      entries.map(({ act }) => act),
      offsetMs,
      options,
    );
    if (acts.length === 0) return false;
    const sentAtMs = Date.now();
    const outcome = await sendOnce(acts, (events) => options.send(events, signal));
    if (outcome === 'too large') {
      maxBytes = Math.ceil(entries.reduce((sum, { bytes }) => sum + bytes, 0) / 2);
      return true;
    }
    const serverTimeMs = Date.parse(outcome.serverTime ?? '');
    offsetMs = learnOffset(offsetMs, { sentAtMs, receivedAtMs: Date.now(), serverTimeMs });
    return settle(acts, outcome.results, options);
  };
}

type Outcome = { readonly results: readonly Omit<TrackResult, 'event'>[]; readonly serverTime: string | null };

async function sendOnce(
  acts: readonly WaitingAct[],
  send: (events: readonly EventInput[]) => Promise<BatchOutcome>,
): Promise<Outcome | 'too large'> {
  try {
    const outcome = await send(acts.map(toWire));
    if (outcome.results.length === acts.length) return outcome;
    throw new Error(`${acts.length} events were sent, ${outcome.results.length} were answered`);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    if (acts.length > 1) return 'too large';
    return {
      results: acts.map(({ eventId }) => ({ eventId, status: 'rejected', reason: 'too_large' })),
      serverTime: null,
    };
  }
}

/** The acts with ids that are stored, without those that another client has claimed. */
async function withIds(
  acts: readonly WaitingAct[],
  offsetMs: number,
  { backlog, storage, onSettled }: SendHeadOptions,
): Promise<readonly WaitingAct[]> {
  const minted = mintIds(
    acts.filter(({ eventId }) => eventId === null),
    { offsetMs, nowMs: Date.now() },
  );
  if (minted.length === 0) return acts;
  const held = new Map((await storage.saveIds(minted)).map((act) => [act.key, act]));
  backlog.update([...held.values()]);
  const lost = minted.map(({ key }) => key).filter((key) => !held.has(key));
  if (lost.length > 0) {
    backlog.remove(lost);
    onSettled(lost);
  }
  return acts.flatMap((act) => (act.eventId === null ? (held.get(act.key) ?? []) : act));
}

/** Returns whether some acts have to be sent again, with new ids. */
async function settle(
  acts: readonly WaitingAct[],
  results: Outcome['results'],
  { backlog, storage, onResult, onError, onSettled }: SendHeadOptions,
): Promise<boolean> {
  const ahead: WaitingAct[] = [];
  const keys: string[] = [];
  for (const [n, result] of results.entries()) {
    const act = acts[n];
    if (act === undefined) continue;
    if (result.reason === 'clock_skew' && !act.isReminted) {
      ahead.push({ ...act, eventId: null, isReminted: true });
    } else {
      // first, so that no end in between keeps it from whom it concerns: better told twice
      onResult({ ...result, event: act.event });
      keys.push(act.key);
    }
  }
  backlog.update(ahead);
  backlog.remove(keys);
  await storage.remove(keys).catch(onError);
  onSettled(keys);
  return ahead.length > 0;
}

function toWire({ event, eventId }: WaitingAct): EventInput {
  return { ...event, eventId } as EventInput; // as: TrackedEvent is EventInput without its identity
}
