import type { QueueStorage } from './queue-storage.ts';

/** Keeps nothing: what the queue holds in memory is all there is, and ends with the process or tab. */
export function memoryStorage(): QueueStorage {
  return {
    claim: () => Promise.resolve([]),
    add: () => Promise.resolve(),
    saveIds: (acts) => Promise.resolve(acts),
    remove: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
}
