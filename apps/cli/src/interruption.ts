import { constants } from 'node:os';

/** The user ended the command; there is nothing to explain. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  /** 128 + the signal's number, as shells have it. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Runs `work` with a signal that is aborted, with an InterruptedError, by Ctrl-C, SIGTERM or SIGHUP; the work then cleans up and
 * ends. A second Ctrl-C changes nothing: a terminal sends it to the whole group, and what is being closed must be closed.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!ending.signal.aborted) ending.abort(new InterruptedError(signal));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work(ending.signal);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
