// Acts wait in files of one folder, which processes share: each writes to journals of its own, and takes over those of the dead.
import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { QueueStorage, WaitingAct } from '../queue-storage.ts';
import { ignoreMissing } from './journal-file.ts';
import type { JournalPlace } from './journal-file.ts';
import { claimJournal, createJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { findOwnProcess, isGone, ownerText } from './journal-owner.ts';
import type { Owner } from './journal-owner.ts';

export type FileStorageOptions = {
  /** Made where there is none. One folder for each learner, on a disk of this machine; nothing else may be in it. */
  readonly folder: string;
  /** A journal is written anew once it has so many lines, three quarters of them without a use. Default 4,000. */
  readonly compactAfterLines?: number;
};

/** How often it shows that it lives, to processes that cannot see it (in another container, say). */
const TOUCH_EVERY_MS = 15_000;
const MOST_TRIES = 3;

/**
 * Keeps acts in files: for Node. What is stored survives the end of the process at any point, and of the machine as far as its
 * disk keeps what was synchronised. Any number of processes may use the folder at once.
 */
export function fileStorage({ folder, compactAfterLines = 4000 }: FileStorageOptions): QueueStorage {
  const own = findOwnProcess();
  const place: JournalPlace = { folder: resolve(folder), owner: ownerText(own), compactAfterLines };
  const held = new Set<Journal>();
  const inTurn = createTurns();
  let timer: NodeJS.Timeout | null = null;

  const showLife = (): void => {
    const touch = (): Promise<unknown> => Promise.all([...held].map((journal) => journal.touch()));
    // What fails is tried again; a file that cannot be touched cannot be written either, and that is reported.
    timer ??= setInterval(() => void inTurn(touch).catch(() => undefined), TOUCH_EVERY_MS).unref();
  };
  const ordered =
    <Args extends readonly unknown[], Value>(action: (...args: Args) => Promise<Value>) =>
    (...args: Args): Promise<Value> =>
      inTurn(() => action(...args));

  return {
    claim: ordered(async () => {
      showLife();
      const claimed = await claimJournals(place, own);
      for (const journal of claimed) held.add(journal);
      return claimed.flatMap(({ acts }) => [...acts.values()]);
    }),
    add: ordered((acts) => addTo(held, place, acts)),
    saveIds: ordered((acts) => saveIds(held, acts)),
    remove: ordered((keys) => remove(held, keys)),
    release: ordered(async () => {
      if (timer) clearInterval(timer);
      for (const journal of held) await journal.release();
      held.clear();
    }),
  };
}

async function claimJournals(place: JournalPlace, own: Owner): Promise<readonly Journal[]> {
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  const claimed: Journal[] = [];
  const errors: unknown[] = [];
  for (const name of await readdir(place.folder)) {
    try {
      const path = join(place.folder, name);
      const [owner = ''] = name.split('.');
      if (!(await isLeft(path, owner, own))) continue;
      const journal = name.endsWith('.journal') ? await claimJournal(place, name) : null;
      if (journal !== null) claimed.push(journal);
      if (name.endsWith('.draft')) await ignoreMissing(unlink(path));
    } catch (error) {
      errors.push(error);
    }
  }
  // What was claimed must be returned; what was not is tried again the next time.
  if (errors.length > 0 && claimed.length === 0) throw errors[0];
  return claimed;
}

async function isLeft(path: string, owner: string, own: Owner): Promise<boolean> {
  let touchedAtMs = 0;
  const look = async (): Promise<void> => {
    touchedAtMs = (await stat(path)).mtimeMs;
  };
  return (await ignoreMissing(look())) && isGone(owner, Date.now() - touchedAtMs, own);
}

async function addTo(held: Set<Journal>, place: JournalPlace, acts: readonly WaitingAct[]): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const [journal = createJournal(place)] = held;
    held.add(journal);
    if (await journal.add(acts)) return;
    await drop(held, journal);
  }
  throw new Error(`${place.folder}: other processes take every journal of this one`);
}

async function saveIds(held: Set<Journal>, acts: readonly WaitingAct[]): Promise<readonly WaitingAct[]> {
  const saved: WaitingAct[] = [];
  for (const journal of held) {
    const ofJournal = acts.filter(({ key }) => journal.acts.has(key));
    if (ofJournal.length === 0) continue;
    if (await journal.saveIds(ofJournal)) saved.push(...ofJournal);
    else await drop(held, journal);
  }
  return saved;
}

async function remove(held: Set<Journal>, keys: readonly string[]): Promise<void> {
  const [first] = held;
  for (const journal of held) {
    const ofJournal = keys.filter((key) => journal.acts.has(key));
    if (ofJournal.length > 0) await journal.remove(ofJournal);
    // the first takes new acts
    if (journal !== first && journal.acts.size === 0) await drop(held, journal);
  }
}

async function drop(held: Set<Journal>, journal: Journal): Promise<void> {
  held.delete(journal);
  await journal.release();
}

/** Runs one action after the other. */
function createTurns(): <Value>(action: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (action) => {
    const turn = last.then(action, action);
    last = turn;
    return turn;
  };
}
