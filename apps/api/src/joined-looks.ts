/** One look for many keys; a key that it does not answer has nothing. */
export type LookForMany<Found> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Found>>;

export type JoinedLooksOptions = {
  /** Looks on their way at a time. */
  readonly atOnce: number;
  /** Keys of one look at most. */
  readonly mostKeys: number;
};

type Waiting<Found> = {
  readonly promise: Promise<Found | null>;
  readonly resolve: (found: Found | null) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Looks for one key, together with all others who ask meanwhile: what is asked for while `atOnce` looks are on their way goes with the
 * next. What is found is never older than the question: nobody joins a look that has begun.
 */
export function joinLooks<Found>(
  look: LookForMany<Found>,
  { atOnce, mostKeys }: JoinedLooksOptions,
): (key: string) => Promise<Found | null> {
  let waiting = new Map<string, Waiting<Found>>();
  let running = 0;
  const run = async (): Promise<void> => {
    while (waiting.size > 0) {
      const own = new Map([...waiting].slice(0, mostKeys));
      waiting = new Map([...waiting].slice(mostKeys));
      try {
        const found = await look([...own.keys()]);
        for (const [key, { resolve }] of own) resolve(found.get(key) ?? null);
      } catch (error) {
        for (const { reject } of own.values()) reject(error);
      }
    }
    running -= 1;
  };
  return (key) => {
    const known = waiting.get(key);
    if (known !== undefined) return known.promise;
    const asked = Promise.withResolvers<Found | null>();
    waiting.set(key, asked);
    if (running < atOnce) {
      running += 1;
      setImmediate(() => void run()); // what came in the same turn of the event loop goes together
    }
    return asked.promise;
  };
}
