// The boundary: the day, first of a month, before whose midnight (UTC) facts are dropped.
import { addDays } from '../../algorithms/index.ts';

const MONTHS_KEPT = 23;
// An event from the boundary on may belong to a study day up to two days before it: 12 hours west, and a rollover at 23.
const OPEN_DAYS_BEFORE = 2;

/** The boundary as of a day: the month whose first day lies 24 months or more before the first of the day's month is dropped. */
export function boundaryAsOf(today: string): string {
  const month = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 - MONTHS_KEPT;
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

export function boundaryMsOf(boundary: string): number {
  return Date.parse(`${boundary}T00:00:00Z`);
}

/** The first study day that an event from the boundary on may belong to; rows of days before it stay as they are. */
export function firstOpenDay(boundary: string): string {
  return addDays(boundary, -OPEN_DAYS_BEFORE);
}
