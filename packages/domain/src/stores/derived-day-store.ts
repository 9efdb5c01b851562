// The derived rows of study days and weeks.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { upsertStatement } from './upsert.ts';

/** Rows keyed by column name, as the upserts take them. */
export type DerivedRow = Readonly<Record<string, string | number | boolean | null>>;

const int = 'int';
const float = 'float8';

const saveDaily = upsertStatement({
  name: 'derived.save_daily',
  table: 'daily_user_stats',
  key: ['user_id', 'stat_date'],
  columns: {
    user_id: 'uuid',
    stat_date: 'date',
    sessions: int,
    total_seconds: int,
    active_seconds: int,
    longest_session_seconds: int,
    materials_viewed: int,
    materials_completed: int,
    chunks_read: int,
    unique_topics: int,
    questions_attempted: int,
    questions_correct: int,
    first_attempts: int,
    first_attempts_correct: int,
    accuracy: float,
    mean_response_seconds: float,
    ai_questions: int,
    hints: int,
    feedback: int,
    xp_earned: 'bigint',
    achievements: int,
    goal_minutes: 'smallint',
    goal_met: 'boolean',
    as_of: 'date',
  },
});

const saveTopicDay = upsertStatement({
  name: 'derived.save_topic_day',
  table: 'topic_daily_stats',
  key: ['user_id', 'topic_id', 'stat_date'],
  columns: {
    user_id: 'uuid',
    topic_id: 'uuid',
    stat_date: 'date',
    seconds: int,
    materials_viewed: int,
    questions_attempted: int,
    questions_correct: int,
    accuracy: float,
    as_of: 'date',
  },
});

// $3: the fold went on from a checkpoint, so a day that has a mastery already keeps what it began with.
const saveTopicDayMastery = statement(
  'derived.save_topic_day_mastery',
  `update topic_daily_stats t set
    mastery_before = case when $3 and t.mastery_after is not null then t.mastery_before else r.before end,
    mastery_after = r.after,
    calculated_at = now()
  from jsonb_to_recordset($2::jsonb) as r (topic_id uuid, stat_date date, before float8, after float8)
  where t.user_id = $1 and t.topic_id = r.topic_id and t.stat_date = r.stat_date
    and (t.mastery_before, t.mastery_after)
      is distinct from (case when $3 and t.mastery_after is not null then t.mastery_before else r.before end, r.after)
  returning t.stat_date::text as "studyDay"`,
);

const saveWeekly = upsertStatement({
  name: 'derived.save_weekly',
  table: 'weekly_user_stats',
  key: ['user_id', 'iso_year', 'iso_week'],
  columns: {
    user_id: 'uuid',
    iso_year: 'smallint',
    iso_week: 'smallint',
    sessions: int,
    total_seconds: int,
    active_seconds: int,
    active_days: 'smallint',
    questions_attempted: int,
    questions_correct: int,
    accuracy: float,
    xp_earned: 'bigint',
    active_seconds_change: int,
    questions_change: int,
    topics_improved: int,
    as_of: 'date',
  },
});

const selectGoals = statement(
  'derived.goals',
  `select stat_date::text as "studyDay", goal_minutes as "goalMinutes"
  from daily_user_stats
  where user_id = $1 and stat_date = any($2::date[])`,
);

const selectDays = statement(
  'derived.days',
  `select stat_date::text as "studyDay", sessions, total_seconds as "totalSeconds", active_seconds as "activeSeconds",
    questions_attempted as "questionsAttempted", questions_correct as "questionsCorrect", xp_earned::float8 as "xpEarned"
  from daily_user_stats
  where user_id = $1
  order by stat_date`,
);

const selectTopicDaysBetween = statement(
  'derived.topic_days_between',
  `select topic_id as "topicId", stat_date::text as "studyDay", mastery_before as "masteryBefore", mastery_after as "masteryAfter"
  from topic_daily_stats
  where user_id = $1 and stat_date = any($2::date[])`,
);

const selectTopicDaysOf = statement(
  'derived.topic_days_of',
  `select topic_id as "topicId", stat_date::text as "studyDay", seconds, mastery_after as "masteryAfter"
  from topic_daily_stats
  where user_id = $1 and topic_id = any($2::uuid[])
  order by topic_id, stat_date`,
);

const selectLatestTopicDays = statement(
  'derived.latest_topic_days',
  `select topic_id as "topicId", max(stat_date)::text as "studyDay"
  from topic_daily_stats
  where user_id = $1
  group by topic_id`,
);

export async function saveDailyStats(tx: Tx, rows: readonly DerivedRow[]): Promise<void> {
  if (rows.length > 0) await tx.query(saveDaily, [JSON.stringify(rows)]);
}

export async function saveTopicDays(tx: Tx, rows: readonly DerivedRow[]): Promise<void> {
  if (rows.length > 0) await tx.query(saveTopicDay, [JSON.stringify(rows)]);
}

export async function saveWeeklyStats(tx: Tx, rows: readonly DerivedRow[]): Promise<void> {
  if (rows.length > 0) await tx.query(saveWeekly, [JSON.stringify(rows)]);
}

export type MasteryOfDay = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly masteryBefore: number | null;
  readonly masteryAfter: number;
};

/** Writes mastery into topic-day rows that exist; answers the study days of those that changed. */
export async function saveMasteryOfDays(
  tx: Tx,
  userId: string,
  { days, continues }: { readonly days: readonly MasteryOfDay[]; readonly continues: boolean },
): Promise<readonly string[]> {
  if (days.length === 0) return [];
  const rows = days.map((day) => ({
    topic_id: day.topicId,
    stat_date: day.studyDay,
    before: day.masteryBefore,
    after: day.masteryAfter,
  }));
  const changed = await tx.query<{ studyDay: string }>(saveTopicDayMastery, [userId, JSON.stringify(rows), continues]);
  return [...new Set(changed.map((row) => row.studyDay))];
}

/** The goal that each stored day was first computed under. */
export async function listGoals(tx: Tx, userId: string, days: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ studyDay: string; goalMinutes: number }>(selectGoals, [userId, days]);
  return new Map(rows.map(({ studyDay, goalMinutes }) => [studyDay, goalMinutes]));
}

export type StoredDay = {
  readonly studyDay: string;
  readonly sessions: number;
  readonly totalSeconds: number;
  readonly activeSeconds: number;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly xpEarned: number;
};

/** All daily rows of a learner, oldest first. */
export function listStoredDays(tx: Tx, userId: string): Promise<readonly StoredDay[]> {
  return tx.query<StoredDay>(selectDays, [userId]);
}

export type StoredTopicDay = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly masteryBefore: number | null;
  readonly masteryAfter: number | null;
};

export function listTopicDaysOn(tx: Tx, userId: string, days: readonly string[]): Promise<readonly StoredTopicDay[]> {
  return tx.query<StoredTopicDay>(selectTopicDaysBetween, [userId, days]);
}

export type TopicHistoryDay = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly seconds: number;
  readonly masteryAfter: number | null;
};

/** Every stored day of the given topics, oldest first within a topic. */
export function listTopicHistory(
  tx: Tx,
  userId: string,
  topicIds: readonly string[],
): Promise<readonly TopicHistoryDay[]> {
  return tx.query<TopicHistoryDay>(selectTopicDaysOf, [userId, topicIds]);
}

/** The latest day of each topic: enough to count topics in windows that end with the newest day. */
export function listLatestTopicDays(
  tx: Tx,
  userId: string,
): Promise<readonly { readonly topicId: string; readonly studyDay: string }[]> {
  return tx.query<{ topicId: string; studyDay: string }>(selectLatestTopicDays, [userId]);
}
