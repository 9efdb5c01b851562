import { addDays } from './study-day.ts';

const MAX_NIGHTS = 400;

/**
 * The nights that are still to be completed, oldest first; days are UTC dates, and the night of a day may be completed
 * once the midnight that ends it has passed.
 * Formula: every day after `lastCompleted` up to the day before `today`.
 * Edge cases: never completed before, the last night alone (a night moves rows to its midnight, which there is nothing
 * to repeat of); more than 400 nights behind, the last 400; nothing where `lastCompleted` is that night or later, as
 * after a clock that ran ahead. Throws RangeError when one is not a day.
 */
export function daysToRollUp(lastCompleted: string | null, today: string): readonly string[] {
  const lastNight = addDays(today, -1);
  if (lastCompleted === null) return [lastNight];
  const earliest = addDays(today, -MAX_NIGHTS);
  const next = addDays(lastCompleted, 1);
  const nights: string[] = [];
  for (let day = next < earliest ? earliest : next; day <= lastNight; day = addDays(day, 1)) nights.push(day);
  return nights;
}
