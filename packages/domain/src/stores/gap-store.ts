// What a learner's gaps are computed from. Every statement takes several learners: one when the worker
// brings one up to date, a chunk of them at night.
import { MASTERED_SCORE, RECENT_ATTEMPTS } from '../algorithms/index.ts';
import type { Evidence, GapPoint, GapVersion, TopicState } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import type { Completion } from './mastery-store.ts';

type OfLearner = { readonly userId: string };
type OfTopic = OfLearner & { readonly topicId: string };

// The earliest event that completed each material as a whole.
const selectLearners = statement(
  'gap.learners',
  `select l.user_id as "userId",
    (select min(d.stat_date)::text from daily_user_stats d where d.user_id = l.user_id) as "firstStudyDay",
    coalesce((select p.model_version from learner_progress p where p.user_id = l.user_id), 0) as "modelVersion",
    (
      select coalesce(jsonb_agg(jsonb_build_object('materialId', m.id, 'completedAtMs', m.at)), '[]')
      from (
        select i.material_id as id, (extract(epoch from min(i.completed_at)) * 1000)::float8 as at
        from material_interactions i
        where i.user_id = l.user_id and i.chunk_id is null and i.completed_at is not null
        group by i.material_id
      ) m
    ) as completions,
    p.gap_version as version
  from unnest($1::uuid[]) as l (user_id)
  left join learner_progress p on p.user_id = l.user_id`,
);

const selectTopics = statement(
  'gap.topics',
  `select user_id as "userId", topic_id as "topicId", mastery_score as "masteryScore", evidence,
    (extract(epoch from as_of) * 1000)::float8 as "asOfMs", questions_attempted as attempts, questions_correct as correct,
    first_attempts as questions, first_correct as "firstCorrect", ewma, theta, recent, learner_theta as "learnerTheta", answer_seconds as "answerSeconds",
    (extract(epoch from first_answer_at) * 1000)::float8 as "firstAtMs", (extract(epoch from last_answer_at) * 1000)::float8 as "lastAtMs"
  from topic_mastery
  where user_id = any($1::uuid[])
  order by user_id, topic_id`,
);

/** The last day of a topic before `before` that ended on a side. */
const lastDayOf = (side: string, before: string): string => `
    select d.stat_date
    from topic_daily_stats d
    where d.user_id = t.user_id and d.topic_id = t.topic_id and d.mastery_after is not null and d.stat_date < ${before} and ${side}
    order by d.stat_date desc
    limit 1
  `;

/** The first day of a topic after `day`, or where that is null the first of all. */
const firstDayAfter = (day: string): string => `
      select d.stat_date
      from topic_daily_stats d
      where d.user_id = t.user_id and d.topic_id = t.topic_id and d.mastery_after is not null
        and d.stat_date > coalesce(${day}, '-infinity')
      order by d.stat_date
      limit 1
    `;

// Of the days of a topic the first of the last two runs on one side, and the last: from the newest day on, so that days before
// them are not read. In the order of the primary key.
const selectPoints = statement(
  'gap.points',
  `select t.user_id as "userId", t.topic_id as "topicId", p.stat_date::text as "studyDay", p.is_gap as "isGap"
  from topic_mastery t
  cross join lateral (
    select d.stat_date, d.mastery_after < $2 as is_gap
    from topic_daily_stats d
    where d.user_id = t.user_id and d.topic_id = t.topic_id and d.mastery_after is not null
    order by d.stat_date desc
    limit 1
  ) as last
  left join lateral (${lastDayOf('last.is_gap <> (d.mastery_after < $2)', 'last.stat_date')}) as other on true
  left join lateral (${lastDayOf('last.is_gap = (d.mastery_after < $2)', 'other.stat_date')}) as again on true
  cross join lateral (
    select (${firstDayAfter('again.stat_date')}) as stat_date, not last.is_gap as is_gap where other.stat_date is not null
    union all
    select (${firstDayAfter('other.stat_date')}), last.is_gap
    union
    select last.stat_date, last.is_gap
  ) as p
  where t.user_id = any($1::uuid[])
  order by t.user_id, t.topic_id, p.stat_date`,
);

// For each learner a search of their own: bounds that it brings along leave out the other months, and with the newest first it ends
// with the last one asked for. `offset 0` keeps the topics from being read anew for each answer.
const selectRecent = statement(
  'gap.recent_failures',
  `select l.user_id as "userId", r.*
  from (
    select user_id, from_at, to_at, most, topic_ids::uuid[]
    from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int[], $5::text[]) as k (user_id, from_at, to_at, most, topic_ids)
    offset 0
  ) as l
  cross join lateral (
    select topic_id as "topicId", count(*)::int as found, least(count(*), $6)::int as attempts,
      count(*) filter (where not is_correct and place <= $6)::int as wrong
    from (
      select topic_id, is_correct, row_number() over (partition by topic_id order by attempted_at desc, id desc) as place
      from (
        select a.topic_id, a.is_correct, a.attempted_at, a.id
        from question_attempts a
        where a.user_id = l.user_id and a.attempted_at between l.from_at and l.to_at
          and (l.topic_ids is null or a.topic_id = any(l.topic_ids))
        order by a.attempted_at desc, a.id desc
        limit l.most
      ) as newest
    ) as placed
    group by topic_id
  ) as r`,
);

const saveVersion = statement(
  'gap.save_version',
  `update learner_progress
  set gap_version = $2
  where user_id = any($1::uuid[])`,
);

export type GapLearner = OfLearner & {
  /** That the learner's rows stand under. */
  readonly modelVersion: number;
  /** The first study day with any fact; null without one. */
  readonly firstStudyDay: string | null;
  readonly completions: readonly Completion[];
  /** Of the gaps that they have; null before the first. */
  readonly version: GapVersion | null;
};

export function listGapLearners(tx: Tx, userIds: readonly string[]): Promise<readonly GapLearner[]> {
  return tx.query<GapLearner>(selectLearners, [userIds]);
}

export type GapTopicRow = OfTopic &
  TopicState & { readonly masteryScore: number | null; readonly evidence: Evidence; readonly asOfMs: number };

/** Every topic with a row, by topic id within a learner. */
export function listGapTopics(tx: Tx, userIds: readonly string[]): Promise<readonly GapTopicRow[]> {
  return tx.query<GapTopicRow>(selectTopics, [userIds]);
}

/** What `gapPeriod` needs of every answered topic's days, oldest first. */
export function listGapPoints(tx: Tx, userIds: readonly string[]): Promise<readonly (OfTopic & GapPoint)[]> {
  return tx.query<OfTopic & GapPoint>(selectPoints, [userIds, MASTERED_SCORE]);
}

export type RecentRange = OfLearner & {
  /** Both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Of so many attempts at most, the newest; null: of all. */
  readonly most: number | null;
  /** Of these topics; null: of all. */
  readonly topicIds: readonly string[] | null;
};

export type RecentOfTopic = OfTopic & {
  /** Attempts that were looked at. */
  readonly found: number;
  /** The last 20 of them, or all that there are, and the wrong ones among these. */
  readonly attempts: number;
  readonly wrong: number;
};

/** How each topic went that was tried in a learner's range. */
export function listRecent(tx: Tx, ranges: readonly RecentRange[]): Promise<readonly RecentOfTopic[]> {
  return tx.query<RecentOfTopic>(selectRecent, [
    ranges.map(({ userId }) => userId),
    ranges.map(({ fromMs }) => new Date(fromMs)),
    ranges.map(({ toMs }) => new Date(toMs)),
    ranges.map(({ most }) => most),
    ranges.map(({ topicIds }) => topicIds && `{${topicIds.join()}}`),
    RECENT_ATTEMPTS,
  ]);
}

/** Notes what the learners' gaps were made by. Sent, not waited for. */
export function saveGapVersion(tx: Tx, userIds: readonly string[], version: GapVersion): void {
  if (userIds.length > 0) tx.send(saveVersion, [userIds, version]);
}
