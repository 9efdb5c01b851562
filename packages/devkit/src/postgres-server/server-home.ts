// Which system user runs the server and in which folder. PostgreSQL refuses to run as root, so root runs it as
// "nobody"; where that user cannot reach the checkout (below a 0700 folder), binaries and data go to a folder in
// the system's temporary directory. A database that may be lost lives in memory where there is room: a test database
// is some 700 small files, cloned in 15 ms there and in 400 ms on a slow disk. A link in the wanted folder says where.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNativeFolder } from './binaries.ts';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

export interface ServerHome {
  /** Holds `data`, `password` and `server.log`. */
  readonly folder: string;
  /** Holds `bin`, `lib` and `share`. */
  readonly native: string;
  /** Null: the user of this process. */
  readonly user: ServerUser | null;
}

const nobody: ServerUser = { uid: 65534, gid: 65534 };
const memoryFolder = '/dev/shm';
const memoryNeededBytes = 2_000_000_000;

function serverUser(): ServerUser | null {
  return process.getuid?.() === 0 ? nobody : null;
}

/** The substitutes for `directory` outside of the checkout: the same path and user give the same folders. */
export function substituteHomes(directory: string): { readonly memory: string; readonly temporary: string } {
  const path = `${process.getuid?.()}:${directory}`;
  const name = `studyin-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
  return { memory: join(memoryFolder, name), temporary: join(tmpdir(), name) };
}

function hasRoomInMemory(): boolean {
  if (!existsSync(memoryFolder)) return false;
  const { bavail, bsize } = statfsSync(memoryFolder);
  return Math.min(bavail * bsize, process.availableMemory()) >= memoryNeededBytes;
}

function isReachable(folder: string, user: ServerUser | null): boolean {
  if (user === null) return true;
  const test = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { cwd: '/', stdio: 'ignore', ...user });
  return test.status === 0;
}

function isRunnable(native: string, user: ServerUser | null): boolean {
  if (user === null) return true;
  const postgres = join(native, 'bin', 'postgres');
  return spawnSync(postgres, ['--version'], { cwd: '/', stdio: 'ignore', ...user }).status === 0;
}

/** Makes the folder, or throws if someone else prepared one of that name: the temporary directory is everybody's. */
function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const found = lstatSync(folder);
  const isSafe = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  if (!isSafe) throw new Error(`${folder} belongs to another user or is writable by others: remove it`);
  chmodSync(folder, 0o711);
}

function openForReading(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.mode | (found.isDirectory() || (found.mode & 0o100) !== 0 ? 0o555 : 0o444));
  if (found.isDirectory()) for (const name of readdirSync(path)) openForReading(join(path, name));
}

function copyBinaries(native: string, home: string): string {
  const target = join(home, `native-${createHash('sha256').update(native).digest('hex').slice(0, 8)}`);
  if (existsSync(target)) return target;
  const unfinished = `${target}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  openForReading(unfinished);
  renameSync(unfinished, target);
  return target;
}

function pointTo(link: string, home: string): void {
  rmSync(link, { force: true });
  symlinkSync(home, link);
}

function linkedHome(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}

function chooseFolder(directory: string, inMemory: boolean, user: ServerUser | null): string {
  const { memory, temporary } = substituteHomes(directory);
  // A folder once chosen stays: the server that runs there must be found even when memory is short by now.
  const linked = linkedHome(join(directory, 'home'));
  if ((linked === memory || linked === temporary) && existsSync(join(linked, 'data'))) return linked;
  if (inMemory && hasRoomInMemory()) return memory;
  if (isReachable(directory, user)) return directory;
  // An empty server elsewhere would look as if everything were lost.
  if (existsSync(join(directory, 'data'))) {
    throw new Error(
      `${directory} holds a database that the system user "nobody" can no longer reach: let others enter this folder and those above it (chmod a+x)`,
    );
  }
  return temporary;
}

/**
 * Decides and prepares where the server of `directory` lives. Call it under the folder's lock.
 * `inMemory` asks for a folder in the system's memory file system, where there is one with room.
 */
export function prepareServerHome(directory: string, inMemory: boolean): ServerHome {
  const native = findNativeFolder();
  const user = serverUser();
  const folder = chooseFolder(directory, inMemory, user);
  if (folder !== directory) {
    makeOwnFolder(folder);
    pointTo(join(directory, 'home'), folder);
  }
  return { folder, native: isRunnable(native, user) ? native : copyBinaries(native, folder), user };
}

/** Removes the files of a stopped server that lived in memory: nobody else would ever give that memory back. */
export function freeMemory(directory: string, home: ServerHome): void {
  if (home.folder !== substituteHomes(directory).memory) return;
  rmSync(home.folder, { recursive: true, force: true });
  rmSync(join(directory, 'home'), { force: true });
}

/** Gives a file or folder to the server's user, readable by no one else but root. */
export function giveToServer(path: string, user: ServerUser | null, mode: number): void {
  chmodSync(path, mode);
  if (user !== null) chownSync(path, user.uid, user.gid);
}
