/** A wait that can be cut short. */
export type Pause = {
  /** Resolves after so long, or when woken. */
  wait(delayMs: number): Promise<void>;
  readonly wake: () => void;
};

/** Calls back once; returns what stops it. */
export type StartTimer = (end: () => void, delayMs: number) => () => void;

export function createPause(timerOf: StartTimer = startTimer): Pause {
  const sleepers = new Set<() => void>();
  return {
    wait: (delayMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          stop();
          sleepers.delete(end);
          resolve();
        };
        const stop = timerOf(end, delayMs);
        sleepers.add(end);
      }),
    wake: () => {
      for (const end of sleepers) end();
    },
  };
}

export function startTimer(end: () => void, delayMs: number): () => void {
  const timer = setTimeout(end, delayMs);
  return () => clearTimeout(timer);
}

/** A timer that alone does not keep a Node process running. */
export function startBackgroundTimer(end: () => void, delayMs: number): () => void {
  const timer = setTimeout(end, delayMs);
  letProcessEnd(timer);
  return () => clearTimeout(timer);
}

/** As `startBackgroundTimer`, again and again. */
export function startBackgroundInterval(act: () => void, everyMs: number): () => void {
  const timer = setInterval(act, everyMs);
  letProcessEnd(timer);
  return () => clearInterval(timer);
}

/** Node's timers are objects that can be told; a browser's are numbers, and its pages end when they like. */
function letProcessEnd(timer: unknown): void {
  if (typeof timer === 'object') (timer as { unref(): unknown } | null)?.unref(); // as: an object is Node's
}
