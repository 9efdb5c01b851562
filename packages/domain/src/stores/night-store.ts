// What a night reads and writes of a chunk of learners, each by one statement.
import type { Evidence, StoredOverview, TopicState } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';
import type { LearnerRange } from './batch-store.ts';
import type { StoredDay } from './derived-day-store.ts';

const inRange = (alias: string): string =>
  `${alias}.user_id >= $1::uuid and ($2::uuid is null or ${alias}.user_id < $2::uuid)`;

// Only those whom this night has not moved yet, so that running it again finds nobody. Sorted, as every writer locks.
const lockDue = statement(
  'night.lock_due',
  `with due as (
    select l.user_id
    from learners l
    join learner_progress p on p.user_id = l.user_id
    where ${inRange('l')} and (p.night is null or p.night < $3::date)
    order by l.user_id
    limit $4
    for update of l
  )
  update learners l
  set watermark = l.watermark + 1
  from due
  where l.user_id = due.user_id
  returning l.user_id as "userId"`,
);

// A topic that lies at the midnight or after it is not moved; its score still counts in the learner's metrics.
const selectTopics = statement(
  'night.topics',
  `select t.user_id as "userId", t.topic_id as "topicId", t.mastery_score as score, t.evidence,
    t.as_of < $2::timestamptz as "isDue", t.questions_attempted as attempts, t.questions_correct as correct,
    t.first_attempts as questions, t.first_correct as "firstCorrect", t.ewma, t.theta, t.recent, t.learner_theta as "learnerTheta",
    t.answer_seconds as "answerSeconds", p.model_version as "modelVersion",
    (extract(epoch from t.first_answer_at) * 1000)::float8 as "firstAtMs",
    (extract(epoch from t.last_answer_at) * 1000)::float8 as "lastAtMs",
    (extract(epoch from t.as_of) * 1000)::float8 as "asOfMs",
    t.materials_completed as "materialsCompleted", t.materials_total as "materialsTotal", b.mastery_after as "scoreBefore"
  from topic_mastery t
  join learner_progress p on p.user_id = t.user_id
  left join lateral (
    select d.mastery_after
    from topic_daily_stats d
    where d.user_id = t.user_id and d.topic_id = t.topic_id and d.stat_date <= $3::date and d.mastery_after is not null
    order by d.stat_date desc
    limit 1
  ) as b on t.as_of < $2::timestamptz and t.mastery_score is not null
  where t.user_id = any($1::uuid[])`,
);

const saveTopics = statement(
  'night.save_topics',
  `update topic_mastery t
  set mastery_score = r.score, score_v1 = r.score_v1, score_v2 = r.score_v2, retrieval_strength = r.retrieval,
    mastery_trend = r.trend, as_of = $8::timestamptz, calculated_at = now()
  from unnest($1::uuid[], $2::uuid[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::text[])
    as r (user_id, topic_id, score, score_v1, score_v2, retrieval, trend)
  where t.user_id = r.user_id and t.topic_id = r.topic_id`,
);

const selectOverviews = statement(
  'night.overviews',
  `select m.user_id as "userId", m.as_of::text as "asOfDay", p.theta, p.answers::float8 as "answersFolded",
    p.model_version as "modelVersion", active_seconds_all::float8 as "activeSeconds", sessions_all as sessions,
    active_days_all as "activeDays", questions_all as questions, correct_all as correct, accuracy_all as accuracy,
    xp_all::float8 as xp, topics_all as topics, current_streak_days as current, longest_streak_days as longest,
    last_study_day::text as "lastStudyDay"
  from user_learning_metrics m
  join learner_progress p on p.user_id = m.user_id
  where m.user_id = any($1::uuid[])`,
);

const selectDays = statement(
  'night.days',
  `select user_id as "userId", stat_date::text as "studyDay", sessions, total_seconds as "totalSeconds",
    active_seconds as "activeSeconds", questions_attempted as "questionsAttempted", questions_correct as "questionsCorrect",
    xp_earned::float8 as "xpEarned"
  from daily_user_stats
  where user_id = any($1::uuid[]) and stat_date > $2::date - 90`,
);

// The latest day of a topic is enough: no row is later than the day that the windows end on.
const selectTopicDays = statement(
  'night.topic_days',
  `select user_id as "userId", topic_id as "topicId", max(stat_date)::text as "studyDay"
  from topic_daily_stats
  where user_id = any($1::uuid[]) and stat_date > $2::date - 90
  group by user_id, topic_id`,
);

const saveNight = statement(
  'night.save',
  `update learner_progress
  set night = $2::date
  where user_id = any($1::uuid[])`,
);

const selectLagging = statement(
  'night.lagging',
  `select l.user_id as "userId", l.answers::float8 as answers
  from learners l
  left join learner_progress p on p.user_id = l.user_id
  where ${inRange('l')}
    and (l.answers <> coalesce(p.answers, 0) or exists (select from dirty_days d where d.user_id = l.user_id))
  order by l.user_id`,
);

// One in a hundred, another hundredth each day.
const selectSample = statement(
  'night.sample',
  `select l.user_id as "userId"
  from learners l
  where ${inRange('l')} and hashtextextended(l.user_id::text || $3, 0) % 100 = 0
  order by l.user_id`,
);

/** Locks the next learners of a range whom the night of `day` has not moved yet, in order, and bumps their watermarks. */
export async function lockDueLearners(
  tx: Tx,
  { fromUserId, toUserId }: LearnerRange,
  { day, limit }: { readonly day: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await tx.query<{ userId: string }>(lockDue, [fromUserId, toUserId, day, limit]);
  return rows.map(({ userId }) => userId).sort();
}

export type NightTopic = TopicState & {
  readonly userId: string;
  readonly topicId: string;
  readonly score: number | null;
  readonly evidence: Evidence;
  /** Whether the row lies before the midnight. */
  readonly isDue: boolean;
  readonly asOfMs: number;
  /** That the learner's rows stand under. */
  readonly modelVersion: number;
  readonly materialsCompleted: number;
  readonly materialsTotal: number;
  /** Mastery after the last answer up to the day that the trend is told against. */
  readonly scoreBefore: number | null;
};

export function listNightTopics(
  tx: Tx,
  userIds: readonly string[],
  { midnight, trendDay }: { readonly midnight: string; readonly trendDay: string },
): Promise<readonly NightTopic[]> {
  return tx.query<NightTopic>(selectTopics, [userIds, midnight, trendDay]);
}

export type MovedTopic = {
  readonly userId: string;
  readonly topicId: string;
  readonly mastery_score: number | null;
  readonly score_v1: number | null;
  readonly score_v2: number | null;
  readonly retrieval_strength: number | null;
  readonly mastery_trend: string;
};

/** Sent, not waited for. */
export function saveMovedTopics(tx: Tx, topics: readonly MovedTopic[], midnight: string): void {
  if (topics.length === 0) return;
  const column = <K extends keyof MovedTopic>(key: K): MovedTopic[K][] => topics.map((topic) => topic[key]);
  tx.send(saveTopics, [
    column('userId'),
    column('topicId'),
    column('mastery_score'),
    column('score_v1'),
    column('score_v2'),
    column('retrieval_strength'),
    column('mastery_trend'),
    midnight,
  ]);
}

export type NightOverview = StoredOverview & {
  /** θ_u, the answers that it was estimated from, and the version of the model that the learner's rows stand under. */
  readonly theta: number;
  readonly answersFolded: number;
  readonly modelVersion: number;
};

/** The stored metrics of learners, as far as the passing of time alone does not change them. */
export async function listOverviews(tx: Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, NightOverview>> {
  type Row = StoredOverview['allTime'] &
    StoredOverview['streaks'] &
    Omit<NightOverview, 'allTime' | 'streaks'> & { readonly userId: string };
  const rows = await tx.query<Row>(selectOverviews, [userIds]);
  return new Map(
    rows.map((row) => {
      const { userId, asOfDay, theta, answersFolded, modelVersion, current, longest, lastStudyDay, ...allTime } = row;
      const streaks = { current, longest, lastStudyDay };
      return [userId, { asOfDay, theta, answersFolded, modelVersion, allTime, streaks }];
    }),
  );
}

export type NightDay = StoredDay & { readonly userId: string };

/** Daily rows of the 90 days that end on `day`, and later ones. */
export function listNightDays(tx: Tx, userIds: readonly string[], day: string): Promise<readonly NightDay[]> {
  return tx.query<NightDay>(selectDays, [userIds, day]);
}

export type NightTopicDay = { readonly userId: string; readonly topicId: string; readonly studyDay: string };

/** The latest day of each topic with one in the 90 days that end on `day`, or later. */
export function listNightTopicDays(tx: Tx, userIds: readonly string[], day: string): Promise<readonly NightTopicDay[]> {
  return tx.query<NightTopicDay>(selectTopicDays, [userIds, day]);
}

/** Sent, not waited for. */
export function saveNightOf(tx: Tx, userIds: readonly string[], day: string): void {
  tx.send(saveNight, [userIds, day]);
}

export type LaggingLearner = {
  readonly userId: string;
  /** Accepted ever, whether they are in the rows or not. */
  readonly answers: number;
};

/** Learners of a range with facts that are not in their rows yet, in order of their id. */
export function listLagging(
  reader: Reader,
  { fromUserId, toUserId }: LearnerRange,
): Promise<readonly LaggingLearner[]> {
  return reader.query<LaggingLearner>(selectLagging, [fromUserId, toUserId]);
}

/** One in a hundred of the learners of a range, by a hash of learner and day. */
export async function listSample(
  reader: Reader,
  { fromUserId, toUserId }: LearnerRange,
  day: string,
): Promise<readonly string[]> {
  const rows = await reader.query<{ userId: string }>(selectSample, [fromUserId, toUserId, day]);
  return rows.map(({ userId }) => userId);
}
