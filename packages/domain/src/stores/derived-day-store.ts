// The derived rows of study days and weeks.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { columnArrays, fromColumnArrays } from './column-arrays.ts';
import { upsertOf } from './upsert.ts';

/** Rows keyed by column name, as the upserts take them. */
export type DerivedRow = Readonly<Record<string, string | number | boolean | null>>;

const int = 'int';
const float = 'float8';

/** Sent, not waited for. */
export const saveDailyStats = upsertOf({
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

/** Sent, not waited for. */
export const saveTopicDays = upsertOf({
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

const masteryOfDay = {
  user_id: 'uuid',
  topic_id: 'uuid',
  stat_date: 'date',
  before: float,
  after: float,
  continues: 'boolean',
} as const;

// `continues`: the fold went on from a checkpoint, so a day that has a mastery already keeps what it began with.
const saveTopicDayMastery = statement(
  'derived.save_topic_day_mastery',
  `update topic_daily_stats t set
    mastery_before = case when r.continues and t.mastery_after is not null then t.mastery_before else r.before end,
    mastery_after = r.after,
    calculated_at = now()
  from ${fromColumnArrays(masteryOfDay)}
  where t.user_id = r.user_id and t.topic_id = r.topic_id and t.stat_date = r.stat_date
    and (t.mastery_before, t.mastery_after)
      is distinct from (case when r.continues and t.mastery_after is not null then t.mastery_before else r.before end, r.after)
  returning t.user_id as "userId", t.stat_date::text as "studyDay"`,
);

/** Sent, not waited for. */
export const saveWeeklyStats = upsertOf({
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
  `select user_id as "userId", stat_date::text as "studyDay", goal_minutes as "goalMinutes"
  from unnest($1::uuid[], $2::date[]) as k (user_id, stat_date)
  join daily_user_stats using (user_id, stat_date)`,
);

const selectDays = statement(
  'derived.days',
  `select user_id as "userId", stat_date::text as "studyDay", sessions, total_seconds as "totalSeconds", active_seconds as "activeSeconds",
    questions_attempted as "questionsAttempted", questions_correct as "questionsCorrect", xp_earned::float8 as "xpEarned"
  from daily_user_stats
  where user_id = any($1::uuid[])
  order by user_id, stat_date`,
);

const selectTopicDaysOn = statement(
  'derived.topic_days_on',
  `select user_id as "userId", topic_id as "topicId", stat_date::text as "studyDay", mastery_before as "masteryBefore",
    mastery_after as "masteryAfter"
  from unnest($1::uuid[], $2::date[]) as k (user_id, stat_date)
  join topic_daily_stats using (user_id, stat_date)`,
);

const selectTopicPasts = statement(
  'derived.topic_pasts',
  `select k.user_id as "userId", k.topic_id as "topicId", days.seconds,
    (
      select d.mastery_after
      from topic_daily_stats d
      where d.user_id = k.user_id and d.topic_id = k.topic_id and d.stat_date <= k.up_to and d.mastery_after is not null
      order by d.stat_date desc
      limit 1
    ) as "scoreBefore"
  from unnest($1::uuid[], $2::uuid[], $3::date[]) as k (user_id, topic_id, up_to)
  cross join lateral (
    select coalesce(sum(d.seconds), 0)::int as seconds
    from topic_daily_stats d
    where d.user_id = k.user_id and d.topic_id = k.topic_id
  ) as days`,
);

const selectLatestTopicDays = statement(
  'derived.latest_topic_days',
  `select t.user_id as "userId", t.topic_id as "topicId", d.stat_date::text as "studyDay"
  from topic_mastery t
  cross join lateral (
    select stat_date
    from topic_daily_stats
    where user_id = t.user_id and topic_id = t.topic_id
    order by stat_date desc
    limit 1
  ) as d
  where t.user_id = any($1::uuid[])`,
);

export type MasteryOfDay = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly masteryBefore: number | null;
  readonly masteryAfter: number;
};

export type LearnerMasteryOfDay = MasteryOfDay & {
  readonly userId: string;
  /** Whether answers before these may have begun the day. */
  readonly continues: boolean;
};

export type LearnerDay = { readonly userId: string; readonly studyDay: string };

/** Writes mastery into topic-day rows that exist; answers the study days of those that changed, each topic's. */
export async function saveMasteryOfDays(tx: Tx, days: readonly LearnerMasteryOfDay[]): Promise<readonly LearnerDay[]> {
  if (days.length === 0) return [];
  const rows = days.map((day) => ({
    user_id: day.userId,
    topic_id: day.topicId,
    stat_date: day.studyDay,
    before: day.masteryBefore,
    after: day.masteryAfter,
    continues: day.continues,
  }));
  return tx.query<LearnerDay>(saveTopicDayMastery, columnArrays(masteryOfDay, rows));
}

export type DayGoal = LearnerDay & { readonly goalMinutes: number };

/** The goal that each stored day was first computed under. */
export async function listGoals(tx: Tx, days: readonly LearnerDay[]): Promise<readonly DayGoal[]> {
  return days.length === 0 ? [] : tx.query<DayGoal>(selectGoals, columnsOf(days));
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

export type LearnerStoredDay = StoredDay & { readonly userId: string };

/** All daily rows of the learners, oldest first. */
export function listStoredDays(tx: Tx, userIds: readonly string[]): Promise<readonly LearnerStoredDay[]> {
  return tx.query<LearnerStoredDay>(selectDays, [userIds]);
}

export type StoredTopicDay = {
  readonly userId: string;
  readonly topicId: string;
  readonly studyDay: string;
  readonly masteryBefore: number | null;
  readonly masteryAfter: number | null;
};

/** The topics of the given days. */
export async function listTopicDaysOn(tx: Tx, days: readonly LearnerDay[]): Promise<readonly StoredTopicDay[]> {
  return days.length === 0 ? [] : tx.query<StoredTopicDay>(selectTopicDaysOn, columnsOf(days));
}

export type TopicUpTo = { readonly userId: string; readonly topicId: string; readonly upTo: string };
export type TopicPast = {
  readonly userId: string;
  readonly topicId: string;
  /** Of all its days. */
  readonly seconds: number;
  /** Mastery after the last answer of the latest day up to the one given; null where there is none. */
  readonly scoreBefore: number | null;
};

/** What all days of a topic add up to, each topic given once. */
export async function listTopicPasts(tx: Tx, topics: readonly TopicUpTo[]): Promise<readonly TopicPast[]> {
  if (topics.length === 0) return [];
  return tx.query<TopicPast>(selectTopicPasts, [
    topics.map(({ userId }) => userId),
    topics.map(({ topicId }) => topicId),
    topics.map(({ upTo }) => upTo),
  ]);
}

export type LatestTopicDay = { readonly userId: string; readonly topicId: string; readonly studyDay: string };

/** The latest day of each topic that has a row: enough to count topics in windows that end with the newest day. */
export function listLatestTopicDays(tx: Tx, userIds: readonly string[]): Promise<readonly LatestTopicDay[]> {
  return tx.query<LatestTopicDay>(selectLatestTopicDays, [userIds]);
}

function columnsOf(days: readonly LearnerDay[]) {
  return [days.map(({ userId }) => userId), days.map(({ studyDay }) => studyDay)];
}
