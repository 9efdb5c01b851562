// A file that is only appended to, whose name says whose it is. Whatever changes it otherwise makes a new file and renames.
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, stat, unlink, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FREE } from './journal-owner.ts';

export type JournalPlace = {
  readonly folder: string;
  /** The text of the owner. */
  readonly owner: string;
  /** A journal is written anew once it has so many lines, three quarters of them without a use. */
  readonly compactAfterLines: number;
};

export type JournalFile = {
  /**
   * Adds lines; those that are durable are on the disk once it resolves. False where the file is not ours any more.
   * A write that failed leaves nothing behind that counts.
   */
  append(lines: readonly string[], options: { readonly isDurable: boolean }): Promise<boolean>;
  /** How many lines the file has, those included that say nothing any more. */
  readonly lineCount: () => number;
  /** Writes what is needed into a new file. False where the file is not ours any more. */
  renew(): Promise<boolean>;
  touch(): Promise<void>;
  release(isEmpty: boolean): Promise<void>;
};

export type JournalContents = {
  /** Null for a file that is made with its first line. */
  readonly path: string | null;
  /** The lines that a new file of now begins with. */
  readonly linesNow: () => readonly string[];
};

type FileState = {
  path: string | null;
  handle: FileHandle | null;
  lines: number;
  /** False after a write that failed, which may have left half a line, and for a claimed file, whose end nobody knows. */
  isSound: boolean;
};

export function createJournalFile(place: JournalPlace, { path, linesNow }: JournalContents): JournalFile {
  const state: FileState = { path, handle: null, lines: 0, isSound: false };
  const renew = (): Promise<boolean> => renewFile(state, place, linesNow());
  return {
    append: async (lines, { isDurable }) => {
      if (!state.isSound && !(await renew())) return false;
      await write(state, lines, isDurable);
      // After the write: who claims the file from now on will read these lines. A look before it would prove nothing.
      return !isDurable || exists(state.path);
    },
    lineCount: () => state.lines,
    renew,
    touch: async () => {
      if (state.path !== null) await touchFile(state.path);
    },
    release: async (isEmpty) => {
      await state.handle?.close();
      if (state.path === null) return;
      if (isEmpty) await ignoreMissing(unlink(state.path));
      else await moved(state.path, newPath(place.folder, FREE));
    },
  };
}

/** A name that no file had before: where a file of that name is, it is its owner's. */
export function newPath(folder: string, owner: string): string {
  return join(folder, `${owner}.${randomBytes(8).toString('hex')}.journal`);
}

/** Whether the file was there to be renamed. */
export async function moved(from: string, to: string): Promise<boolean> {
  return ignoreMissing(rename(from, to));
}

export async function touchFile(path: string): Promise<void> {
  const now = new Date();
  await ignoreMissing(utimes(path, now, now));
}

/** False where the file is not there. */
export async function ignoreMissing(action: Promise<unknown>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function exists(path: string | null): Promise<boolean> {
  return path !== null && ignoreMissing(stat(path));
}

async function write(state: FileState, lines: readonly string[], isDurable: boolean): Promise<void> {
  if (state.handle === null) throw new Error('the journal has no file');
  try {
    await state.handle.appendFile(lines.join(''));
    if (isDurable) await state.handle.datasync();
    state.lines += lines.length;
  } catch (error) {
    state.isSound = false;
    throw error;
  }
}

async function renewFile(
  state: FileState,
  { folder, owner }: JournalPlace,
  lines: readonly string[],
): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = newPath(folder, owner);
  if (state.path !== null) {
    // first, for a file that cannot be renamed is not ours, and must not come back
    if (!(await moved(state.path, path))) return false;
    state.path = path;
    await touchFile(path);
  }
  const former = state.handle;
  state.handle = await replaceFile(folder, path, lines);
  Object.assign(state, { path, lines: lines.length, isSound: true });
  await former?.close();
  return true;
}

async function replaceFile(folder: string, path: string, lines: readonly string[]): Promise<FileHandle> {
  const draft = `${path}.draft`;
  const handle = await open(draft, 'ax', 0o600);
  try {
    await handle.appendFile(lines.join(''));
    await handle.datasync();
    await rename(draft, path);
    await syncFolder(folder);
    return handle;
  } catch (error) {
    await handle.close();
    await ignoreMissing(unlink(draft));
    throw error;
  }
}

/** Makes names durable, where the system can: Windows cannot, and does it by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
