// Processes share one server on a folder. The lock lets one of them at a time start or stop it; a lease is a file that
// says "this process uses it", and counts only as long as that process lives.
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMarkAlive, processMark } from './processes.ts';

const lockTimeoutMs = 120_000;

function holderOf(lockFile: string): string | null {
  try {
    return readFileSync(lockFile, 'utf8');
  } catch {
    return null;
  }
}

function tryToLock(lockFile: string): boolean {
  // Written aside and linked, so that the lock never exists without its holder's mark in it.
  const own = `${lockFile}.${crypto.randomUUID()}`;
  writeFileSync(own, processMark());
  try {
    linkSync(own, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Runs `work` while no other process, and no other call in this one, holds the folder. */
export async function withFolderLock<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(directory, { recursive: true });
  const lockFile = join(directory, 'lock');
  const deadline = performance.now() + lockTimeoutMs;
  while (!tryToLock(lockFile)) {
    const holder = holderOf(lockFile);
    if (holder !== null && !isMarkAlive(holder)) rmSync(lockFile, { force: true });
    if (performance.now() > deadline) throw new Error(`${lockFile} is held by process ${holder}: is it stuck?`);
    await sleep(20);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** Marks this process as a user of the server on the folder; returns the lease's file. */
export function takeLease(directory: string): string {
  const folder = join(directory, 'leases');
  mkdirSync(folder, { recursive: true });
  const lease = join(folder, `${processMark()}.${crypto.randomUUID()}`);
  writeFileSync(lease, '');
  return lease;
}

/** False if it was dropped before, by its holder or together with the server it was for. */
export function dropLease(lease: string): boolean {
  if (!existsSync(lease)) return false;
  rmSync(lease);
  return true;
}

/** For a new server: leases on the one before it mean nothing any more. */
export function dropAllLeases(directory: string): void {
  rmSync(join(directory, 'leases'), { recursive: true, force: true });
}

/** Clears the leases of ended processes; true if a living one is left. */
export function hasLeases(directory: string): boolean {
  const folder = join(directory, 'leases');
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder);
  const dead = names.filter((name) => !isMarkAlive(name.split('.')[0] ?? ''));
  for (const name of dead) dropLease(join(folder, name));
  return dead.length < names.length;
}
