import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a process can still do something: in a container without an init a zombie keeps its number for ever. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    // The state follows the name in brackets, which may itself hold brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return true;
  }
}

/** The command line of a process, or null where the system does not tell. */
export function commandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return null;
  }
}

/** True when the process ended before the deadline. */
export async function hasEnded(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

/** Names this process for other processes; a later process with the same number has another mark. */
export function processMark(): string {
  return `${process.pid}-${Math.round(performance.timeOrigin)}`;
}

export function isMarkAlive(mark: string): boolean {
  const pid = Number(mark.split('-')[0]);
  return pid === process.pid ? mark === processMark() : pid > 0 && isAlive(pid);
}
