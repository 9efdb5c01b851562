/** One look for many keys; a key that it does not answer has nothing. */
export type LookForMany<Found> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Found>>;

export type JoinedLooksOptions = {
  /** Keys of one look at most. */
  readonly mostKeys: number;
  /** How long one look may hold up the next. */
  readonly patienceMs: number;
  /** Looks on their way at most, however long they take. */
  readonly atOnce: number;
};

/**
 * Looks for one key, together with all others who ask meanwhile: what is asked for while a look is on its way goes with the next.
 * What is found is never older than the question: nobody joins a look that has begun.
 */
export function joinLooks<Found>(
  look: LookForMany<Found>,
  { mostKeys, patienceMs, atOnce }: JoinedLooksOptions,
): (key: string) => Promise<Found | null> {
  let waiting = new Map<string, PromiseWithResolvers<Found | null>>();
  const run = async (): Promise<void> => {
    const all = [...waiting];
    const own = all.slice(0, mostKeys);
    waiting = new Map(all.slice(mostKeys)); // a Map that entries come to and leave keeps some of them in its outgrown tables
    try {
      const found = await look(own.map(([key]) => key));
      for (const [key, { resolve }] of own) resolve(found.get(key) ?? null);
    } catch (error) {
      for (const [, { reject }] of own) reject(error);
    }
  };
  const begin = inTurn(run, { patienceMs, atOnce, isWanted: () => waiting.size > 0 });
  return (key) => {
    const known = waiting.get(key);
    if (known !== undefined) return known.promise;
    const asked = Promise.withResolvers<Found | null>();
    waiting.set(key, asked);
    begin();
    return asked.promise;
  };
}

type Turns = Pick<JoinedLooksOptions, 'patienceMs' | 'atOnce'> & { readonly isWanted: () => boolean };

/** Runs `work` as long as it is wanted, one after the other; what takes longer than `patienceMs` no longer holds up the next. */
function inTurn(work: () => Promise<void>, { patienceMs, atOnce, isWanted }: Turns): () => void {
  let running = 0;
  let late = 0; // of those that run
  const begin = (): void => {
    if (!isWanted() || running > late || running === atOnce) return;
    running += 1;
    // What came in the same turn of the event loop goes together.
    setImmediate(() => void run());
  };
  const run = async (): Promise<void> => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      late += 1;
      begin();
    }, patienceMs);
    await work();
    clearTimeout(timer);
    running -= 1;
    if (isLate) late -= 1;
    begin();
  };
  return begin;
}
