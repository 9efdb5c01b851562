import { setTimeout as sleep } from 'node:timers/promises';

const DAY_MS = 86_400_000;

/** How long until the next day (UTC) has begun, where less than `neededMs` are left of this one; else 0. */
export function msOverMidnight(nowMs: number, neededMs: number): number {
  const leftMs = DAY_MS - (nowMs % DAY_MS);
  return leftMs < neededMs ? leftMs + 1_000 : 0;
}

/**
 * For a suite whose processes read the clock themselves, and which says beforehand what day it will be: waits until the day is over
 * where it might end before the suite. Nearly always it does nothing.
 */
export async function awayFromMidnight(neededMs: number): Promise<void> {
  await sleep(msOverMidnight(Date.now(), neededMs));
}
