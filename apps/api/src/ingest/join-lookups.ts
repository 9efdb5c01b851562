type Lookup<Key, Found> = {
  readonly key: Key;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Turns a search for many keys into one for a single key: those asked in one turn of the event loop are searched together, as the
 * answers of one group commit are. `findAll` answers in the order of its keys; what it throws is thrown to each.
 */
export function joinLookups<Key, Found>(
  findAll: (keys: readonly Key[]) => Promise<readonly Found[]>,
): (key: Key) => Promise<Found> {
  let asked: Lookup<Key, Found>[] = [];
  const search = async (): Promise<void> => {
    const lookups = asked;
    asked = [];
    try {
      const found = await findAll(lookups.map(({ key }) => key));
      // as: one for each key, whatever its type
      for (const [index, { resolve }] of lookups.entries()) resolve(found[index] as Found);
    } catch (error) {
      for (const { reject } of lookups) reject(error);
    }
  };
  return (key) =>
    new Promise<Found>((resolve, reject) => {
      if (asked.push({ key, resolve, reject }) === 1) setImmediate(() => void search());
    });
}
