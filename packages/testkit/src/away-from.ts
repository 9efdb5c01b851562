import { setTimeout as sleep } from 'node:timers/promises';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * How long until one of these minutes of the day (UTC) has begun, where less than `neededMs` are left before it; else 0.
 * They lie further apart than `neededMs`.
 */
export function msOver(minutesOfDay: readonly number[], nowMs: number, neededMs: number): number {
  const waits = minutesOfDay.map((minute) => {
    const leftMs = DAY_MS - ((nowMs - minute * MINUTE_MS) % DAY_MS);
    return leftMs < neededMs ? leftMs + 1_000 : 0;
  });
  return Math.max(0, ...waits);
}

/**
 * For a suite whose processes read the clock themselves, and in which something else is due from a minute of the day on: waits until
 * that minute has begun where it might come before the suite ends. Nearly always it does nothing.
 */
export async function awayFrom(minutesOfDay: readonly number[], neededMs: number): Promise<void> {
  await sleep(msOver(minutesOfDay, Date.now(), neededMs));
}

/** The same for a suite that says beforehand what day it will be. */
export function awayFromMidnight(neededMs: number): Promise<void> {
  return awayFrom([0], neededMs);
}
