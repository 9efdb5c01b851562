import { createPause } from './pause.ts';

/** Who waits for which acts to have a result. */
export type Flushes = {
  readonly isWanted: () => boolean;
  /** Resolves when all these acts have left the queue, or after so long. */
  wait(keys: readonly string[], timeoutMs: number): Promise<void>;
  settle(keys: readonly string[]): void;
};

export function createFlushes(): Flushes {
  const flushes = new Set<{ readonly missing: Set<string>; readonly end: () => void }>();
  return {
    isWanted: () => flushes.size > 0,
    wait: async (keys, timeoutMs) => {
      if (keys.length === 0) return;
      const pause = createPause();
      const flush = { missing: new Set(keys), end: pause.wake };
      flushes.add(flush);
      await pause.wait(timeoutMs);
      flushes.delete(flush);
    },
    settle: (keys) => {
      for (const { missing, end } of flushes) {
        for (const key of keys) missing.delete(key);
        if (missing.size === 0) end();
      }
    },
  };
}
