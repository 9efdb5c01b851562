/** Told of each statement's name and time, successful or not. */
export type OnStatement = (name: string, elapsedMs: number) => void;

/** Runs a statement and tells how long it took; with nobody to tell, nothing is measured. */
export async function timed<T>(name: string, onStatement: OnStatement | undefined, run: () => Promise<T>): Promise<T> {
  if (onStatement === undefined) return run();
  const started = performance.now();
  try {
    return await run();
  } finally {
    onStatement(name, performance.now() - started);
  }
}
