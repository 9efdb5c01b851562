import { createCalls } from './create-calls.ts';
import type { CallOptions, Calls } from './create-calls.ts';
import { createDeviceTimezone } from './device-timezone.ts';
import { memoryStorage } from './memory-storage.ts';
import { createQueue } from './queue.ts';
import type { QueueOptions, Waiting } from './queue.ts';
import type { QueueLimits } from './queue-limits.ts';
import type { QueueStorage, TrackedEvent } from './queue-storage.ts';
import { createTrack } from './track.ts';
import type { Track } from './track.ts';
import type { TrackResult } from './track-result.ts';

export type ClientOptions = CallOptions & {
  /**
   * Where tracked acts wait until they have a result: one storage for each learner. Default: in memory, which ends with the process or
   * tab. What an earlier one left is sent as soon as there is a client.
   */
  readonly storage?: QueueStorage;
  /** Told what became of each tracked act; after a crash maybe twice. */
  readonly onResult?: (result: TrackResult) => void;
  /** Told what holds the queue up; it goes on trying by itself. What `onResult` throws comes here too. */
  readonly onError?: (error: unknown) => void;
  /** When batches are sent, and how much may wait. */
  readonly queue?: Partial<QueueLimits>;
  /** The IANA zone of tracked acts that name none; null for none. Default: the device's, unless `userId` names a learner. */
  readonly timezone?: string | null;
};

/**
 * Every procedure of the API, made once and at once: `client.tracking.questionAttempt.mutate(…)`, `client.dashboard.overview.query()`.
 * And the durable queue: `client.track.questionAttempt(…)`.
 */
export type Client = Calls & DurableQueue;

export type DurableQueue = {
  readonly track: Track;
  /**
   * Sends at once what waits. Resolves when all that was tracked before has a result, or after `timeoutMs` (default 30,000); says how
   * many acts wait now, and never rejects.
   */
  flush(options?: { readonly timeoutMs?: number }): Promise<Waiting>;
  /**
   * Ends readings, flushes for `timeoutMs` (default 5,000) and leaves what waits to the next client of the storage. What is
   * tracked afterwards is refused.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<Waiting>;
};

/**
 * A client of the API. Calls made in the same tick share one request, within the server's limits.
 *
 * A call that fails throws a TRPCClientError: with `data.code` where the server answered, with a NoAnswerError as its `cause`
 * where it did not. Calls are not repeated by themselves; what `track` and `sendEvents` take is.
 */
export function createClient(options: ClientOptions): Client {
  const calls = createCalls(options);
  const queue = createQueue(queueOptions(options, calls));
  const place = createPlacing(options);
  const { track, endReadings } = createTrack((event) => queue.capture(place(event)));
  if (options.storage !== undefined) queue.start();
  const own: DurableQueue = {
    track,
    flush: ({ timeoutMs = 30_000 } = {}) => queue.flush(timeoutMs),
    close: ({ timeoutMs = 5000 } = {}) => {
      endReadings();
      return queue.close(timeoutMs);
    },
  };
  // tRPC's client makes its rooms when they are asked for; it has no room of these names
  const get = (target: Calls, name: string | symbol): unknown =>
    Reflect.get(Object.hasOwn(own, name) ? own : target, name);
  return new Proxy(calls, { get }) as Client; // as: `get` adds what the type adds
}

function queueOptions({ storage = memoryStorage(), ...options }: ClientOptions, calls: Calls): QueueOptions {
  const { onResult, onError, queue = {} } = options;
  const report = guarded(onError, (error) => {
    // an error of the app's own code: where it would have gone without us
    queueMicrotask(() => {
      throw error;
    });
  });
  return {
    storage,
    limits: queue,
    send: (events, signal) => calls.tracking.events.mutate({ events: [...events] }, { signal }),
    onResult: guarded(onResult, report),
    onError: report,
  };
}

function guarded<Value>(listener: ((value: Value) => void) | undefined, onThrow: (error: unknown) => void) {
  return (value: Value): void => {
    try {
      listener?.(value);
    } catch (error) {
      onThrow(error);
    }
  };
}

/** Says of an act whose it is and where, as far as it does not say so itself. */
function createPlacing({ timezone, userId }: ClientOptions): (event: TrackedEvent) => TrackedEvent {
  const deviceTimezone = createDeviceTimezone();
  return (event) => {
    const named = userId === undefined || event.userId !== undefined ? event : { ...event, userId };
    if (named.timezone !== undefined) return named;
    // where the device is says nothing of a learner whom it names
    const zone = timezone === undefined && named.userId === undefined ? deviceTimezone() : timezone;
    return zone === undefined || zone === null ? named : { ...named, timezone: zone };
  };
}
