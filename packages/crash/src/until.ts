import { setTimeout as sleep } from 'node:timers/promises';

export type UntilOptions = {
  /** Named in the error when the time is up. */
  readonly what: string;
  readonly withinMs: number;
  readonly everyMs?: number;
  /** Aborted, it throws the signal's reason. */
  readonly signal: AbortSignal;
};

/** Asks until the answer is true. A question that throws is asked again; its last error is the cause of the one thrown in the end. */
export async function until(
  question: () => boolean | Promise<boolean>,
  { what, withinMs, everyMs = 50, signal }: UntilOptions,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  let cause: unknown;
  for (;;) {
    signal.throwIfAborted();
    try {
      if (await question()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${withinMs / 1000} s for ${what}`, { cause });
    await sleep(everyMs, null, { signal });
  }
}
