// What the queue asks of the place where acts wait. An act is what a learner did, from its capture until it has a result.
import type { EventInput } from './wire-types.ts';

type WithoutIdentity<Event> = Event extends unknown ? Omit<Event, 'eventId' | 'occurredAt' | 'sourceId'> : never;

/** An event of any type without the identity that the queue gives it. */
export type TrackedEvent = WithoutIdentity<EventInput>;

export type WaitingAct = {
  /** Names the act in its storage, and nowhere else. */
  readonly key: string;
  /** As the device's clock said, uncorrected. */
  readonly capturedAtMs: number;
  readonly event: TrackedEvent;
  /** Null until the act enters a batch; from then on it changes at most once. */
  readonly eventId: string | null;
  /** Whether that one change was made. */
  readonly isReminted: boolean;
};

/**
 * Keeps acts for one client at a time: an act belongs to the client that added or claimed it until it is released, or until that
 * client's process or tab is dead. One storage is for the acts of one learner.
 *
 * A promise that is rejected leaves the storage usable; the queue tries the same again.
 */
export type QueueStorage = {
  /** Takes over the acts of clients that are gone, and returns those taken by this call. Of two claimants one gets an act. */
  claim(): Promise<readonly WaitingAct[]>;
  /** Durable once it resolves. Repeated after a failure, it adds nothing twice. */
  add(acts: readonly WaitingAct[]): Promise<void>;
  /**
   * Stores the ids of acts added or claimed before, durable once it resolves, and returns those acts that are still this client's.
   * Only these may be sent: of the others another client minted, or will mint, ids of its own.
   */
  saveIds(acts: readonly WaitingAct[]): Promise<readonly WaitingAct[]>;
  /** Forgets acts that have a result. Need not be durable: an act sent again is recorded once. */
  remove(keys: readonly string[]): Promise<void>;
  /** Leaves what still waits to the next claimant. Nothing is called afterwards. */
  release(): Promise<void>;
};
