// What a learner did in a period, as facts: read by the index of their own rows, newest first, never more than a limit.
import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';
import type { HabitAnswer, HabitDay, HabitReading, HabitSession } from '../algorithms/index.ts';

export type HabitPeriod = {
  readonly userId: string;
  /** No fact of the period in any zone is earlier: what the index is entered with. */
  readonly fromAt: Date;
  readonly limit: number;
};

export type HabitReadingRow = HabitReading & { readonly startedAtMs: number };
export type HabitDayRow = HabitDay & { readonly asOf: string; readonly sessions: number };

const selectAnswers = statement(
  'dashboard.habit_answers',
  `select
    (extract(epoch from attempted_at) * 1000)::float8 as "atMs",
    study_day::text as "studyDay",
    session_id as "sessionId",
    is_correct as "isCorrect",
    time_to_answer_seconds as seconds
  from question_attempts
  where user_id = $1
    and attempted_at >= $2
  order by attempted_at desc
  limit $3`,
);

const selectSessions = statement(
  'dashboard.habit_sessions',
  `select
    id,
    (extract(epoch from started_at) * 1000)::float8 as "startedAtMs",
    study_day::text as "studyDay",
    duration_seconds as "durationSeconds",
    timezone
  from study_sessions
  where user_id = $1
    and started_at >= $2
  order by started_at desc
  limit $3`,
);

const selectReadings = statement(
  'dashboard.habit_readings',
  `select
    i.session_id as "sessionId",
    i.material_id as "materialId",
    m.kind,
    i.duration_seconds as seconds,
    i.chunk_id is null and i.is_complete as "isComplete",
    (extract(epoch from i.started_at) * 1000)::float8 as "startedAtMs"
  from material_interactions i
  left join materials m on m.id = i.material_id
  where i.user_id = $1
    and i.started_at >= $2
  order by i.started_at desc
  limit $3`,
);

const selectDays = statement(
  'dashboard.habit_days',
  `select
    stat_date::text as "studyDay",
    total_seconds as "totalSeconds",
    active_seconds as "activeSeconds",
    sessions,
    questions_attempted as "questionsAttempted",
    goal_met as "goalMet",
    as_of::text as "asOf"
  from daily_user_stats
  where user_id = $1
    and stat_date >= $2::date
  order by stat_date`,
);

const selectFirstDay = statement(
  'dashboard.first_study_day',
  `select stat_date::text as "studyDay"
  from daily_user_stats
  where user_id = $1
  order by stat_date
  limit 1`,
);

const selectStreak = statement(
  'dashboard.streak',
  `select
    current_streak_days as "currentDays",
    longest_streak_days as "longestDays",
    last_study_day::text as "lastStudyDay"
  from user_learning_metrics
  where user_id = $1`,
);

/** The learner's newest answers of a period, newest first. */
export function findHabitAnswers(reader: Reader, period: HabitPeriod): Promise<readonly HabitAnswer[]> {
  return reader.query<HabitAnswer>(selectAnswers, valuesOf(period));
}

/** The learner's newest sessions of a period, newest first. */
export function findHabitSessions(reader: Reader, period: HabitPeriod): Promise<readonly HabitSession[]> {
  return reader.query<HabitSession>(selectSessions, valuesOf(period));
}

/** The learner's newest readings of a period, newest first. */
export function findHabitReadings(reader: Reader, period: HabitPeriod): Promise<readonly HabitReadingRow[]> {
  return reader.query<HabitReadingRow>(selectReadings, valuesOf(period));
}

function valuesOf({ userId, fromAt, limit }: HabitPeriod): readonly unknown[] {
  return [userId, fromAt, limit];
}

/** The learner's days from `fromDay` on, oldest first; days without a row are absent. */
export function findHabitDays(
  reader: Reader,
  { userId, fromDay }: { readonly userId: string; readonly fromDay: string },
): Promise<readonly HabitDayRow[]> {
  return reader.query<HabitDayRow>(selectDays, [userId, fromDay]);
}

/** The first study day on which the learner did anything; null without one. */
export async function findFirstStudyDay(reader: Reader, userId: string): Promise<string | null> {
  const [row] = await reader.query<{ readonly studyDay: string }>(selectFirstDay, [userId]);
  return row?.studyDay ?? null;
}

export type StreakRow = {
  readonly currentDays: number;
  readonly longestDays: number;
  readonly lastStudyDay: string | null;
};

/** The streaks that the overview shows; null before the first computation. */
export async function findStreak(reader: Reader, userId: string): Promise<StreakRow | null> {
  const [row] = await reader.query<StreakRow>(selectStreak, [userId]);
  return row ?? null;
}
