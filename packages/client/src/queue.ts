// The way of an act: captured → stored → (when a batch is due) id minted and stored → sent → result → forgotten.
import { createCapture, sizedOf } from './capture-act.ts';
import type { Tracked } from './capture-act.ts';
import { startClaims } from './claim-acts.ts';
import type { ActClaims } from './claim-acts.ts';
import { createPause } from './pause.ts';
import { defaultLimits } from './queue-limits.ts';
import type { QueueLimits } from './queue-limits.ts';
import type { QueueStorage, TrackedEvent, WaitingAct } from './queue-storage.ts';
import { createSending } from './sending.ts';
import type { SendingOptions } from './sending.ts';
import { createActStore } from './store-acts.ts';
import type { TrackResult } from './track-result.ts';

/** How many acts have no result yet. */
export type Waiting = { readonly waiting: number };

export type Queue = {
  /** Begins to send what an earlier process or tab left. */
  start(): void;
  capture(event: TrackedEvent): Tracked;
  flush(timeoutMs: number): Promise<Waiting>;
  close(timeoutMs: number): Promise<Waiting>;
};

export type QueueOptions = {
  readonly storage: QueueStorage;
  readonly send: SendingOptions['send'];
  readonly limits?: Partial<QueueLimits>;
  readonly onResult: (result: TrackResult) => void;
  readonly onError: (error: unknown) => void;
};

export function createQueue(options: QueueOptions): Queue {
  const parts = createParts(options);
  const { storage, onError } = options;
  let claims: ActClaims | null = null;
  let closing: Promise<Waiting> | null = null;

  const start = (): void => {
    if (claims !== null || closing !== null) return;
    claims = startClaims({ storage, onClaimed: parts.takeOver, onError });
    globalThis.addEventListener?.('online', parts.wake);
  };
  const flush = async (timeoutMs: number): Promise<Waiting> => {
    const deadline = performance.now() + timeoutMs;
    if (claims !== null) await within(claims.first, timeoutMs);
    await parts.sendAll(Math.max(0, deadline - performance.now()));
    return { waiting: parts.count() };
  };
  const end = async (timeoutMs: number): Promise<Waiting> => {
    if (claims === null) return { waiting: 0 };
    await flush(timeoutMs);
    claims.stop();
    globalThis.removeEventListener?.('online', parts.wake);
    await parts.end();
    await storage.release().catch(onError);
    return { waiting: parts.count() };
  };
  return {
    start,
    capture: (event) => {
      start();
      return parts.capture(event, closing !== null);
    },
    flush: (timeoutMs) => closing ?? flush(timeoutMs),
    close: (timeoutMs) => (closing ??= end(timeoutMs)),
  };
}

function createParts({ storage, send, onResult, onError, limits: given }: QueueOptions) {
  const limits = { ...defaultLimits, ...given };
  const sending = createSending({ storage, send, limits, onResult, onError });
  const store = createActStore({ storage, onStored: sending.enter, onError });
  const wake = (): void => {
    store.wake();
    sending.wake();
  };
  return {
    wake,
    capture: createCapture({ limits, store, sending, onResult }),
    count: () => store.count() + sending.count(),
    takeOver: (acts: readonly WaitingAct[]): void => {
      sending.enter(acts.map(sizedOf));
      // it has waited long enough
      sending.hurry();
    },
    sendAll: (timeoutMs: number): Promise<void> => {
      const answered = sending.flush(store.keys(), timeoutMs);
      wake();
      return answered;
    },
    end: () => Promise.all([store.end(), sending.end()]),
  };
}

async function within(promise: Promise<void>, timeoutMs: number): Promise<void> {
  const pause = createPause();
  void promise.then(pause.wake);
  await pause.wait(timeoutMs);
}
