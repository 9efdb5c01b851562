// The facts that efficiency and patterns are computed from: a learner's own rows of a period, and never more than 20,000.
import { addDays, utcDayOf, utcRangeOfStudyDay } from '../algorithms/index.ts';
import type { HabitAnswer, HabitDay, HabitReading, HabitSession } from '../algorithms/index.ts';
import type { Reader } from '../database/index.ts';
import {
  findHabitAnswers,
  findHabitDays,
  findHabitReadings,
  findHabitSessions,
} from '../stores/dashboard-habit-store.ts';
import type { HabitReadingRow } from '../stores/dashboard-habit-store.ts';
import { latestOf } from './dashboard-units.ts';
import { getLearnerSettings } from './require-learner.ts';

/** With the days themselves, at most 99 of them, no more than 20,000 rows. */
const LIMITS = { answers: 14_000, sessions: 3_000, readings: 2_900 } as const;
/** Sessions that began before the period reach into it, and lend their zone to the answers in it. */
const DAYS_BEFORE = 1;

export type Habits = {
  readonly asOf: string | null;
  /** The first study day of the period: later than asked for where there is more than may be read. */
  readonly fromDay: string;
  /** Today, or the newest day with a row: a learner who travels east is ahead of the zone in their settings. */
  readonly toDay: string;
  readonly timezone: string;
  readonly days: readonly HabitDay[];
  readonly sessions: readonly HabitSession[];
  readonly answers: readonly HabitAnswer[];
  readonly readings: readonly HabitReading[];
};

export type HabitQuery = {
  readonly userId: string;
  readonly today: string;
  readonly days: number;
  readonly withReadings: boolean;
};

/** Throws `not_found` for an unknown learner. */
export async function findHabits(reader: Reader, query: HabitQuery): Promise<Habits> {
  const { userId, today } = query;
  const asked = addDays(today, 1 - query.days);
  const [{ timezone }, days, facts] = await Promise.all([
    getLearnerSettings(reader, userId),
    findHabitDays(reader, { userId, fromDay: asked }),
    findFacts(reader, { userId, asked, withReadings: query.withReadings }),
  ]);
  const fromDay = firstWholeDay(facts, asked);
  const within = <Row extends { readonly studyDay: string }>(rows: readonly Row[]): readonly Row[] =>
    rows.filter(({ studyDay }) => studyDay >= fromDay);
  const counted = new Set(
    facts.sessions.flatMap(({ id, studyDay }) => (studyDay !== null && studyDay >= fromDay ? [id] : [])),
  );
  const newest = days.at(-1)?.studyDay ?? today;
  return {
    asOf: latestOf(days.map((row) => row.asOf)),
    fromDay,
    toDay: newest > today ? newest : today,
    timezone,
    days: within(days),
    sessions: facts.sessions,
    answers: within(facts.answers),
    readings: facts.readings.filter(({ sessionId }) => counted.has(sessionId)),
  };
}

/** Newest first, each cut off at its limit. */
type Facts = {
  readonly sessions: readonly HabitSession[];
  readonly answers: readonly HabitAnswer[];
  readonly readings: readonly HabitReadingRow[];
};

async function findFacts(
  reader: Reader,
  { userId, asked, withReadings }: { readonly userId: string; readonly asked: string; readonly withReadings: boolean },
): Promise<Facts> {
  const fromAt = new Date(utcRangeOfStudyDay(addDays(asked, -DAYS_BEFORE)).fromMs);
  const [sessions, answers, readings] = await Promise.all([
    findHabitSessions(reader, { userId, fromAt, limit: LIMITS.sessions }),
    findHabitAnswers(reader, { userId, fromAt, limit: LIMITS.answers }),
    withReadings ? findHabitReadings(reader, { userId, fromAt, limit: LIMITS.readings }) : [],
  ]);
  return { sessions, answers, readings };
}

function firstWholeDay({ sessions, answers, readings }: Facts, asked: string): string {
  const cuts = [
    dayAfterCut(sessions, { limit: LIMITS.sessions, atMsOf: (row) => row.startedAtMs }),
    dayAfterCut(answers, { limit: LIMITS.answers, atMsOf: (row) => row.atMs }),
    dayAfterCut(readings, { limit: LIMITS.readings, atMsOf: (row) => row.startedAtMs }),
  ];
  return latestOf([asked, ...cuts]) ?? asked;
}

/**
 * The first study day of which no row can be missing, where a limit has cut the older rows off; null where it has not.
 * Two days after the UTC day of the oldest row that was read: no zone and no rollover hour puts an older row so late.
 */
function dayAfterCut<Row>(
  newestFirst: readonly Row[],
  { limit, atMsOf }: { readonly limit: number; readonly atMsOf: (row: Row) => number },
): string | null {
  const oldest = newestFirst.at(-1);
  return oldest === undefined || newestFirst.length < limit ? null : addDays(utcDayOf(atMsOf(oldest)), 2);
}
