// Whose a journal is stands in its file's name, so that renaming the file is what changes its owner: of two claimants one succeeds.
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export type Owner = {
  /** What process ids are unique in: a boot of a machine, or a container on it. */
  readonly scope: string;
  readonly pid: number;
  /** Tells a process from a later one with its id; empty where the system does not say. */
  readonly startedAt: string;
};

/** The owner of what nobody owns. */
export const FREE = 'free';

/** An owner that cannot be asked for shows that it lives by touching its files; after so long it is taken for dead. */
const SILENT_AFTER_MS = 60_000;

export function findOwnProcess(): Owner {
  return { scope: scopeOf(), pid: process.pid, startedAt: startOf(process.pid) ?? '' };
}

export function ownerText({ scope, pid, startedAt }: Owner): string {
  return `${scope}-${pid}-${startedAt}`;
}

/** Whether the owner is gone, as far as `own`, the process that asks, can tell. */
export function isGone(owner: string, silentMs: number, own: Owner): boolean {
  if (owner === FREE) return true;
  if (owner === ownerText(own)) return false;
  const [scope, pid, startedAt] = owner.split('-');
  const isSilent = silentMs > SILENT_AFTER_MS;
  if (scope !== own.scope) return isSilent;
  const start = startOf(Number(pid));
  if (start !== null) return start !== startedAt;
  return !isRunning(Number(pid)) || isSilent;
}

function scopeOf(): string {
  const parts = [hostname()];
  try {
    parts.push(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'), readlinkSync('/proc/self/ns/pid'));
  } catch {
    // not Linux: the name of the machine is what there is
  }
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

/** Null where the system does not say, or there is no such process. */
function startOf(pid: number): string | null {
  try {
    // after the command in parentheses, which may hold anything: the state, and 19 fields later the start
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // a zombie only waits for its parent to look
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
