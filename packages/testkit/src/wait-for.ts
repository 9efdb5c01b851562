import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitForOptions {
  /** Named in the error when the deadline passes. */
  readonly what?: string;
  /** Default 10 s: below mocha's own limit, so that the error says what was missing. */
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

type Found<Value> = Exclude<Value, false | null | undefined>;

/**
 * Asks until the answer is neither false, null nor undefined, and returns it.
 * A question that throws is asked again; its last error is the cause of the one thrown at the deadline.
 */
export async function waitFor<Value>(
  question: () => Value | Promise<Value>,
  { what = 'the expected state', timeoutMs = 10_000, intervalMs = 20 }: WaitForOptions = {},
): Promise<Found<Value>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const answer = await question();
      // The checks leave exactly Found<Value>; the compiler does not narrow a free type parameter.
      if (answer !== false && answer !== null && answer !== undefined) return answer as Found<Value>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(intervalMs);
  } while (performance.now() < deadline);
  throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
}
