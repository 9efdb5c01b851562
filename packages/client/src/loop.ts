import { createPause } from './pause.ts';
import type { StartTimer } from './pause.ts';
import { repeatDelayMs, retryAfterMs } from './repeat-rules.ts';

/** One step after the other, for as long as it is wanted; one that fails is repeated with back-off, however long that takes. */
export type Loop = {
  start(): void;
  /** Tries again at once, unless the server asked for time. */
  readonly wake: () => void;
  /** Resolves when no step is under way any more. */
  end(): Promise<void>;
};

export type LoopOptions = {
  readonly isWanted: () => boolean;
  /** Returns whether it wants to be called again at once, wanted or not. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
  readonly startTimer: StartTimer;
};

/** How seldom a server is asked that has been away for long. */
const LONGEST_DELAY_MS = 300_000;
/** A proxy that asks for more is mistaken, and a timer holds no more than 24 days. */
const LONGEST_ASKED_MS = 3_600_000;

export function createLoop({ isWanted, step, onError, startTimer }: LoopOptions): Loop {
  const backOff = createPause(startTimer);
  const asked = createPause(startTimer);
  const ending = new AbortController();
  const { signal } = ending;
  let running: Promise<void> | null = null;

  const run = async (): Promise<void> => {
    let failures = 0;
    let isAgain = false;
    while (!signal.aborted && (isAgain || isWanted())) {
      try {
        isAgain = await step(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        onError(error);
        failures += 1;
        const askedMs = Math.min(retryAfterMs(error, Date.now()) ?? 0, LONGEST_ASKED_MS);
        if (askedMs > 0) await asked.wait(askedMs);
        const delayMs = repeatDelayMs(failures, Math.random(), { longestMs: LONGEST_DELAY_MS });
        if (!signal.aborted) await backOff.wait(delayMs);
      }
    }
    running = null;
  };
  return {
    // a microtask later: `run` may end before its promise is kept, and what is wanted in one tick makes one step
    start: () => {
      running ??= Promise.resolve().then(run);
    },
    wake: backOff.wake,
    end: async () => {
      ending.abort(new Error('the client was closed'));
      asked.wake();
      backOff.wake();
      await running;
    },
  };
}
