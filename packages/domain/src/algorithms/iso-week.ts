import { addDays, daysBetween } from './study-day.ts';

export type IsoWeek = { readonly isoYear: number; readonly isoWeek: number };

const DAYS_PER_WEEK = 7;
const A_MONDAY = '2024-01-01';

/** The ISO 8601 week of a study day; its year is that of the week's Thursday. Throws RangeError on a day that is none. */
export function isoWeekOf(day: string): IsoWeek {
  const thursday = addDays(mondayOnOrBefore(day), 3);
  const isoYear = Number(thursday.slice(0, 4));
  return { isoYear, isoWeek: Math.floor(daysBetween(firstDayOf(isoYear), thursday) / DAYS_PER_WEEK) + 1 };
}

/** The first day of an ISO week. Throws RangeError when that year has no such week. */
export function mondayOf(isoYear: number, isoWeek: number): string {
  // 4 January always lies in week 1.
  const firstMonday = mondayOnOrBefore(addDays(firstDayOf(isoYear), 3));
  const monday = addDays(firstMonday, (isoWeek - 1) * DAYS_PER_WEEK);
  const found = isoWeekOf(monday);
  if (found.isoYear !== isoYear || found.isoWeek !== isoWeek) {
    throw new RangeError(`ISO year ${isoYear} has no week ${isoWeek}`);
  }
  return monday;
}

/** The Monday of a study day's ISO week. Throws RangeError on a day that is none. */
export function mondayOnOrBefore(day: string): string {
  const weekday = daysBetween(A_MONDAY, day) % DAYS_PER_WEEK;
  return addDays(day, -((weekday + DAYS_PER_WEEK) % DAYS_PER_WEEK));
}

function firstDayOf(year: number): string {
  return `${String(year).padStart(4, '0')}-01-01`;
}
