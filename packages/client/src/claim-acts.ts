import { startBackgroundInterval } from './pause.ts';
import type { QueueStorage, WaitingAct } from './queue-storage.ts';

export type ActClaims = {
  /** Resolves after the first try. */
  readonly first: Promise<void>;
  stop(): void;
};

export type ActClaimOptions = {
  readonly storage: Pick<QueueStorage, 'claim'>;
  readonly onClaimed: (acts: readonly WaitingAct[]) => void;
  readonly onError: (error: unknown) => void;
};

/** How often it is looked for what a client left behind that has died since. */
const CLAIM_EVERY_MS = 30_000;

/** Takes over what other clients left behind, now and then. */
export function startClaims({ storage, onClaimed, onError }: ActClaimOptions): ActClaims {
  const claim = async (): Promise<void> => {
    const acts = await storage.claim();
    if (acts.length > 0) onClaimed(acts.toSorted((a, b) => a.capturedAtMs - b.capturedAtMs));
  };
  return {
    first: claim().catch(onError),
    stop: startBackgroundInterval(() => void claim().catch(onError), CLAIM_EVERY_MS),
  };
}
