import type { TrackedEvent } from './queue-storage.ts';
import type { EventResult } from './wire-types.ts';

/**
 * What became of an act in the end. To the API's answers come three of the queue itself, with which nothing was stored or sent:
 * `queue_full`, `too_large` (for one batch, or for the server) and `closed`.
 */
export type TrackResult = Omit<EventResult, 'reason'> & {
  readonly event: TrackedEvent;
  readonly reason?: EventResult['reason'] | 'queue_full' | 'too_large' | 'closed';
};

/** An act was not captured: the promise `stored` is rejected with it. */
export class NotCapturedError extends Error {
  override readonly name = 'NotCapturedError';
  readonly reason: 'queue_full' | 'too_large' | 'closed';

  constructor(reason: NotCapturedError['reason']) {
    super(notCaptured[reason]);
    this.reason = reason;
  }
}

const notCaptured = {
  queue_full: 'the queue is full: acts wait for a server that has not answered',
  too_large: 'the event is larger than a batch may be',
  closed: 'the client was closed',
} as const;
