import type { Sized } from './backlog.ts';
import { newEventId } from './event-id.ts';
import type { QueueLimits } from './queue-limits.ts';
import type { TrackedEvent, WaitingAct } from './queue-storage.ts';
import type { Sending } from './sending.ts';
import type { ActStore } from './store-acts.ts';
import { NotCapturedError } from './track-result.ts';
import type { TrackResult } from './track-result.ts';
import { utf8Length } from './utf8-length.ts';

export type Tracked = {
  /**
   * Resolves once the act is captured, that is in the storage: from then on it arrives exactly once, whatever happens to this process
   * or tab. Rejects with NotCapturedError where the act was refused. Need not be awaited.
   */
  readonly stored: Promise<void>;
};

/** Takes an act in, or refuses it: then nothing of it is kept. */
export type Capture = (event: TrackedEvent, isClosed: boolean) => Tracked;

export type CaptureOptions = {
  readonly limits: QueueLimits;
  readonly store: Pick<ActStore, 'store' | 'count' | 'bytes'>;
  readonly sending: Pick<Sending, 'count' | 'bytes'>;
  readonly onResult: (result: TrackResult) => void;
};

/** What an id adds to an event in a batch. */
const ID_BYTES = 50;

export function sizedOf(act: WaitingAct): Sized {
  return { act, bytes: bytesOf(JSON.stringify(act.event)) };
}

export function createCapture({ limits, store, sending, onResult }: CaptureOptions): Capture {
  const count = (): number => store.count() + sending.count();
  const bytes = (): number => store.bytes() + sending.bytes();
  const refusalOf = (size: number, isClosed: boolean): NotCapturedError['reason'] | null => {
    if (isClosed) return 'closed';
    if (size > limits.batchBytes) return 'too_large';
    return count() >= limits.maxItems || bytes() + size > limits.maxBytes ? 'queue_full' : null;
  };
  return (captured: TrackedEvent, isClosed: boolean): Tracked => {
    const capturedAtMs = Date.now();
    const text = JSON.stringify(captured);
    // what the caller changes in its object afterwards is not part of the act
    const event = JSON.parse(text) as TrackedEvent; // as: the JSON of one
    const size = bytesOf(text);
    const reason = refusalOf(size, isClosed);
    if (reason !== null) {
      queueMicrotask(() => onResult({ event, eventId: null, status: 'rejected', reason }));
      return { stored: handled(Promise.reject(new NotCapturedError(reason))) };
    }
    const act = { key: newEventId(capturedAtMs), capturedAtMs, event, eventId: null, isReminted: false };
    return { stored: handled(store.store({ act, bytes: size })) };
  };
}

/** A promise that may be left alone: its rejection is no unhandled one. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

function bytesOf(json: string): number {
  return utf8Length(json) + ID_BYTES;
}
