import { addDays, daysBetween } from './study-day.ts';

const MIN_ACTIVE_SECONDS = 300;

export type DayActivity = {
  readonly studyDay: string;
  readonly questionsAttempted: number;
  readonly activeSeconds: number;
};

export type Streaks = {
  /** Length in days of the streak that is still alive. */
  readonly current: number;
  readonly longest: number;
  /** Last streak day; null when there was none. */
  readonly lastStudyDay: string | null;
};

/** A streak day has at least one answer or five active minutes. */
export function isStreakDay(day: DayActivity): boolean {
  return day.questionsAttempted >= 1 || day.activeSeconds >= MIN_ACTIVE_SECONDS;
}

/**
 * Runs of consecutive streak days up to `asOfDay`, from days in any order.
 * Edge cases: the current streak is alive when its last day is `asOfDay` or the day before (today is not over), else 0;
 * days after `asOfDay` are ignored. O(n log n).
 */
export function computeStreaks(days: readonly DayActivity[], asOfDay: string): Streaks {
  const studied = days.filter((day) => isStreakDay(day) && day.studyDay <= asOfDay).map((day) => day.studyDay);
  let run = 0;
  let longest = 0;
  let lastStudyDay: string | null = null;
  for (const day of [...new Set(studied)].sort()) {
    run = lastStudyDay !== null && addDays(lastStudyDay, 1) === day ? run + 1 : 1;
    longest = Math.max(longest, run);
    lastStudyDay = day;
  }
  return { current: isAlive(lastStudyDay, asOfDay) ? run : 0, longest, lastStudyDay };
}

/** Whether a streak that ended on `lastStudyDay` can still go on: today is not over. */
export function isAlive(lastStudyDay: string | null, asOfDay: string): boolean {
  return lastStudyDay !== null && daysBetween(lastStudyDay, asOfDay) <= 1;
}
