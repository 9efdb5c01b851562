import type { WaitingAct } from './queue-storage.ts';

export type Sized = { readonly act: WaitingAct; readonly bytes: number };

/** The stored acts that have no result yet, oldest first. */
export type Backlog = {
  readonly count: () => number;
  readonly bytes: () => number;
  readonly keys: () => readonly string[];
  add(entries: readonly Sized[]): void;
  /** Changes acts that are still there, in place. */
  update(acts: readonly WaitingAct[]): void;
  remove(keys: readonly string[]): void;
  /** The oldest, within both limits; at least one where there is any. */
  head(limits: { readonly maxItems: number; readonly maxBytes: number }): readonly Sized[];
};

export function createBacklog(): Backlog {
  const entries = new Map<string, Sized>();
  let bytes = 0;
  return {
    count: () => entries.size,
    bytes: () => bytes,
    keys: () => [...entries.keys()],
    add: (added) => {
      for (const entry of added) {
        entries.set(entry.act.key, entry);
        bytes += entry.bytes;
      }
    },
    update: (acts) => {
      for (const act of acts) {
        const entry = entries.get(act.key);
        if (entry) entries.set(act.key, { ...entry, act });
      }
    },
    remove: (keys) => {
      for (const key of keys) {
        bytes -= entries.get(key)?.bytes ?? 0;
        entries.delete(key);
      }
    },
    head: ({ maxItems, maxBytes }) => {
      const taken: Sized[] = [];
      let room = maxBytes;
      for (const entry of entries.values()) {
        room -= entry.bytes;
        if (taken.length > 0 && (taken.length === maxItems || room < 0)) break;
        taken.push(entry);
      }
      return taken;
    },
  };
}
