// What the system tells of a process, from /proc; null where there is none.
import { readFileSync } from 'node:fs';

/** The most memory that was ever resident, in MB. */
export function highestRssMb(pid: number): number | null {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

const TICKS_A_SECOND = 100; // USER_HZ, the same on every Linux that Node runs on

/** Processor time used so far, its system calls included, in seconds. */
export function cpuSeconds(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  // The name in brackets may hold spaces; after it come the state and then numbers, the 12th and 13th of which these are.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? null : ticks / TICKS_A_SECOND;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
