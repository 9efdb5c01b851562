// Acts wait in a database that the tabs of an origin share. Each row says which tab it belongs to, and a Web Lock, which the browser
// takes from a tab that dies, says which tabs live.
import { createConnection, resultOf, valuesOf } from './indexeddb.ts';
import type { Connection } from './indexeddb.ts';
import { memoryStorage } from './memory-storage.ts';
import type { QueueStorage, WaitingAct } from './queue-storage.ts';

export type IndexedDbStorageOptions = {
  /** The database's name: one for each learner who uses this browser, as `studyin-${userId}`. */
  readonly name: string;
};

/**
 * Keeps acts in IndexedDB: for browsers. What is stored survives the end of the tab and of the browser. Any number of tabs may use
 * the database at once. Where a browser lacks IndexedDB or Web Locks (which need HTTPS), acts are kept in memory.
 */
export function indexedDbStorage({ name }: IndexedDbStorageOptions): QueueStorage {
  const { indexedDB, navigator } = globalThis as Partial<typeof globalThis>; // as: not everywhere
  const { locks } = (navigator ?? {}) as Partial<Navigator>; // as: not everywhere
  return indexedDB && locks ? openStorage(name, indexedDB, locks) : memoryStorage();
}

type Row = WaitingAct & { readonly owner: string };
type Place = { readonly connection: Connection; readonly locks: LockManager; lockName(owner: string): string };

const OWNER = 'owner';

function openStorage(name: string, factory: IDBFactory, locks: LockManager): QueueStorage {
  const owner = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(36)).join('');
  const connection = createConnection(factory, { name, store: 'acts', index: OWNER });
  const place: Place = { connection, locks, lockName: (of) => `${name} ${of}` };
  const life = holdLock(locks, place.lockName(owner));
  const rowsOf = (acts: readonly WaitingAct[]): readonly Row[] => acts.map((act) => ({ ...act, owner }));
  return {
    // With the lock before the first row of this tab: another tab would take them for a dead one's.
    claim: async () => {
      await life.held;
      return claimRows(place, owner);
    },
    add: async (acts) => {
      await life.held;
      await connection.write('strict', (store) => put(store, rowsOf(acts)));
    },
    saveIds: (acts) =>
      connection.write('strict', async (store) => {
        const keys = await ownKeys(store, { keys: acts.map(({ key }) => key), owner });
        const own = acts.filter(({ key }) => keys.has(key));
        put(store, rowsOf(own));
        return own;
      }),
    remove: (keys) =>
      connection.write('relaxed', async (store) => {
        for (const key of await ownKeys(store, { keys, owner })) store.delete(key);
      }),
    release: async () => {
      await connection.close();
      life.release();
    },
  };
}

async function claimRows(place: Place, owner: string): Promise<readonly WaitingAct[]> {
  const owners = await place.connection.write('relaxed', (store) => valuesOf(store.index(OWNER)));
  const claimed: WaitingAct[] = [];
  const errors: unknown[] = [];
  for (const other of owners.map(String).filter((each) => each !== owner)) {
    const claim = async (lock: Lock | null): Promise<void> => {
      if (lock !== null) claimed.push(...(await takeRows(place, other, owner)));
    };
    await place.locks
      .request(place.lockName(other), { ifAvailable: true }, claim)
      .catch((error: unknown) => errors.push(error));
  }
  // What was claimed must be returned; what was not is tried again the next time.
  if (errors.length > 0 && claimed.length === 0) throw errors[0];
  return claimed;
}

function takeRows({ connection }: Place, from: string, to: string): Promise<readonly WaitingAct[]> {
  return connection.write('strict', async (store) => {
    const rows: readonly Row[] = await resultOf(store.index(OWNER).getAll(from));
    put(
      store,
      rows.map((row) => ({ ...row, owner: to })),
    );
    return rows.map(({ owner: _owner, ...act }) => act);
  });
}

async function ownKeys(
  store: IDBObjectStore,
  { keys, owner }: { readonly keys: readonly string[]; readonly owner: string },
): Promise<ReadonlySet<string>> {
  const rows: readonly (Row | undefined)[] = await Promise.all(keys.map((key) => resultOf(store.get(key))));
  return new Set(rows.flatMap((row) => (row?.owner === owner ? [row.key] : [])));
}

function put(store: IDBObjectStore, rows: readonly Row[]): void {
  for (const row of rows) store.put(row);
}

/** Holds a lock until it is released, or until the tab is dead. */
function holdLock(locks: LockManager, name: string): { readonly held: Promise<void>; readonly release: () => void } {
  let end = (): void => undefined;
  const held = new Promise<void>((resolve, reject) => {
    const hold = (): Promise<void> => {
      resolve();
      return new Promise((release) => {
        end = release;
      });
    };
    locks.request(name, hold).catch(reject);
  });
  held.catch(() => undefined);
  return { held, release: () => void held.then(() => end()) };
}
