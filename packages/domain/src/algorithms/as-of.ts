// What a derived row that moves with time is evaluated at. A night is named by the UTC day that it ends.
import { daysBetween } from './study-day.ts';

const MS_PER_DAY = 86_400_000;
const EPOCH = '1970-01-01';

/** The midnight, UTC, at the end of a night's day. Throws RangeError when `day` is not a day. */
export function midnightAfterMs(day: string): number {
  return (daysBetween(EPOCH, day) + 1) * MS_PER_DAY;
}

/** The later of the last fact that moves a row and the midnight of the last night; `night` is null before the first one. */
export function asOfMs(lastFactMs: number, night: string | null): number {
  return night === null ? lastFactMs : Math.max(lastFactMs, midnightAfterMs(night));
}

/** The later of the study day of the newest fact and the day of the last night; `night` is null before the first one. */
export function asOfDay(newestFactDay: string, night: string | null): string {
  return night === null || night < newestFactDay ? newestFactDay : night;
}
