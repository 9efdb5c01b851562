// Makes captured acts durable: those of one moment together, for each write to a disk is a wait.
import type { Sized } from './backlog.ts';
import { createLoop } from './loop.ts';
import { startTimer } from './pause.ts';
import type { QueueStorage } from './queue-storage.ts';
import { NotCapturedError } from './track-result.ts';

export type ActStore = {
  /** Resolves once the act is durable; rejects only where the client is closed first. */
  store(entry: Sized): Promise<void>;
  readonly count: () => number;
  readonly bytes: () => number;
  readonly keys: () => readonly string[];
  /** Tries again at once what failed. */
  readonly wake: () => void;
  /** Refuses what could not be stored yet. */
  end(): Promise<void>;
};

export type ActStoreOptions = {
  readonly storage: Pick<QueueStorage, 'add'>;
  /** Called in the order of capture, before the promises resolve. */
  readonly onStored: (entries: readonly Sized[]) => void;
  readonly onError: (error: unknown) => void;
};

type Pending = Sized & { readonly resolve: () => void; readonly reject: (error: unknown) => void };

export function createActStore({ storage, onStored, onError }: ActStoreOptions): ActStore {
  const pending: Pending[] = [];
  let bytes = 0;
  const take = (count: number): readonly Pending[] => {
    const taken = pending.splice(0, count);
    for (const entry of taken) bytes -= entry.bytes;
    return taken;
  };
  const storeAll = async (): Promise<boolean> => {
    const { length } = pending;
    await storage.add(pending.map(({ act }) => act));
    const stored = take(length);
    onStored(stored);
    for (const { resolve } of stored) resolve();
    return false;
  };
  // A timer that keeps a Node process running: an act is at stake.
  const loop = createLoop({ isWanted: () => pending.length > 0, step: storeAll, onError, startTimer });
  return {
    store: ({ act, bytes: size }) =>
      new Promise((resolve, reject) => {
        pending.push({ act, bytes: size, resolve, reject });
        bytes += size;
        loop.start();
      }),
    count: () => pending.length,
    bytes: () => bytes,
    keys: () => pending.map(({ act }) => act.key),
    wake: loop.wake,
    end: async () => {
      await loop.end();
      for (const { reject } of take(pending.length)) reject(new NotCapturedError('closed'));
    },
  };
}
