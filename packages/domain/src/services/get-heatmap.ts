import { addDays } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { findDays } from '../stores/dashboard-day-store.ts';
import type { DayRow } from '../stores/dashboard-day-store.ts';
import { latestOf, minutesOf } from './dashboard-units.ts';

export type ActivityLevel = 0 | 1 | 2 | 3 | 4;

export type Heatmap = {
  /** The study day up to which the stored rows were computed; null without any. */
  readonly asOf: string | null;
  /** Every day of the window, oldest first; the other columns have one entry for each. */
  readonly days: readonly string[];
  readonly minutes: readonly number[];
  readonly sessions: readonly number[];
  readonly questions: readonly number[];
  readonly correct: readonly number[];
  readonly xp: readonly number[];
  readonly levels: readonly ActivityLevel[];
};

/**
 * How dark a day of the calendar is, against the goal that was in force on it.
 * 0: nothing studied · 1: an answer or some active time · 2: at least half the goal · 3: the goal · 4: twice the goal.
 */
export function activityLevel(day: Pick<DayRow, 'activeSeconds' | 'questions' | 'goalMinutes'>): ActivityLevel {
  if (day.activeSeconds === 0 && day.questions === 0) return 0;
  const goals = day.activeSeconds / (day.goalMinutes * 60);
  if (goals >= 2) return 4;
  if (goals >= 1) return 3;
  return goals >= 0.5 ? 2 : 1;
}

/**
 * A learner's activity on each of the last `days` study days, days without any included. The window ends today, or on the
 * newest day that has a row: a learner who travels east is ahead of the zone in their settings.
 * Throws `not_found` for an unknown learner.
 */
export async function getHeatmap(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, today, days }: { readonly userId: string; readonly today: string; readonly days: number },
): Promise<Heatmap> {
  const rows = await findDays(database.reader, { userId, fromDay: addDays(today, 1 - days) });
  const newest = rows.at(-1);
  if (newest === undefined) await requireLearner(database.reader, userId);
  const lastDay = newest !== undefined && newest.studyDay > today ? newest.studyDay : today;
  const window = windowUpTo(lastDay, days);
  const zeros = (): number[] => window.days.map(() => 0);
  const [minutes, sessions, questions, correct, xp] = [zeros(), zeros(), zeros(), zeros(), zeros()];
  const levels = window.days.map((): ActivityLevel => 0);
  for (const row of rows) {
    const place = window.placeOf.get(row.studyDay);
    if (place === undefined) continue;
    minutes[place] = minutesOf(row.activeSeconds);
    sessions[place] = row.sessions;
    questions[place] = row.questions;
    correct[place] = row.correct;
    xp[place] = row.xp;
    levels[place] = activityLevel(row);
  }
  const asOf = latestOf(rows.map((row) => row.asOf));
  return { asOf, days: window.days, minutes, sessions, questions, correct, xp, levels };
}

type DayWindow = { readonly days: readonly string[]; readonly placeOf: ReadonlyMap<string, number> };

/** It is the same day for most learners. */
const windows = new Map<string, DayWindow>();
const MOST_WINDOWS = 50;

function windowUpTo(lastDay: string, length: number): DayWindow {
  const key = `${lastDay}/${length}`;
  const known = windows.get(key);
  if (known !== undefined) return known;
  const days = Array.from({ length }, (_, index) => addDays(lastDay, index + 1 - length));
  const made = { days, placeOf: new Map(days.map((day, place) => [day, place])) };
  if (windows.size >= MOST_WINDOWS) windows.clear();
  windows.set(key, made);
  return made;
}
