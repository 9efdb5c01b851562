import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { WaitingAct } from '../queue-storage.ts';
import { createJournalFile, moved, newPath, touchFile } from './journal-file.ts';
import type { JournalPlace } from './journal-file.ts';
import { actLine, doneLine, idLine, readJournal } from './journal-lines.ts';
import { FREE } from './journal-owner.ts';

/** A file that this process owns, and the acts it holds. Its functions must not run at the same time. */
export type Journal = {
  readonly acts: ReadonlyMap<string, WaitingAct>;
  /** Both are durable once they resolve; with false where another process has claimed the file. */
  add(acts: readonly WaitingAct[]): Promise<boolean>;
  saveIds(acts: readonly WaitingAct[]): Promise<boolean>;
  /** Not durable. */
  remove(keys: readonly string[]): Promise<void>;
  /** Shows other processes that this one lives. */
  touch(): Promise<void>;
  /** Leaves the file to the next claimant, or deletes it where it holds nothing. */
  release(): Promise<void>;
};

/** A journal whose file is made with the first act. */
export function createJournal(place: JournalPlace): Journal {
  return openJournal(place, { path: null, acts: new Map() });
}

/** Takes over a file whose owner is gone; null where another process was faster, or where it holds nothing. */
export async function claimJournal(place: JournalPlace, fileName: string): Promise<Journal | null> {
  const path = newPath(place.folder, place.owner);
  if (!(await moved(join(place.folder, fileName), path))) return null;
  try {
    await touchFile(path);
    const acts = readJournal(await readFile(path, 'utf8'));
    if (acts.size > 0) return openJournal(place, { path, acts });
    await unlink(path);
    return null;
  } catch (error) {
    await moved(path, newPath(place.folder, FREE));
    throw error;
  }
}

type Contents = { readonly path: string | null; readonly acts: Map<string, WaitingAct> };

function openJournal(place: JournalPlace, { path, acts }: Contents): Journal {
  const file = createJournalFile(place, { path, linesNow: () => [...acts.values()].map(actLine) });
  const set = (changed: readonly WaitingAct[]): void => {
    for (const act of changed) acts.set(act.key, act);
  };
  const save = async (lineOf: (act: WaitingAct) => string, changed: readonly WaitingAct[]): Promise<boolean> => {
    const isOurs = await file.append(changed.map(lineOf), { isDurable: true });
    if (isOurs) set(changed);
    return isOurs;
  };
  return {
    acts,
    add: (added) => save(actLine, added),
    saveIds: (changed) => save(idLine, changed),
    remove: async (keys) => {
      for (const key of keys) acts.delete(key);
      await file.append(keys.map(doneLine), { isDurable: false });
      const lines = file.lineCount();
      if (lines > place.compactAfterLines && lines > 4 * acts.size) await file.renew();
    },
    touch: () => file.touch(),
    release: () => file.release(acts.size === 0),
  };
}
