// What a learner's gaps are computed from, and the rows themselves. Every statement takes several learners: one when the worker
// brings one up to date, a chunk of them at night.
import { hash } from 'node:crypto';
import { MASTERED_SCORE, RECENT_ATTEMPTS } from '../algorithms/index.ts';
import type { Evidence, GapPoint, GapVersion, RecentAttempt, TopicState } from '../algorithms/index.ts';
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

// Of the days of a topic those on which it changed sides, and the last: in the order of the primary key.
const selectPoints = statement(
  'gap.points',
  `select user_id as "userId", topic_id as "topicId", stat_date::text as "studyDay", is_gap as "isGap"
  from (
    select user_id, topic_id, stat_date, mastery_after < $2 as is_gap, lag(mastery_after < $2) over days as was_gap,
      lead(stat_date) over days is null as is_last
    from topic_daily_stats
    where user_id = any($1::uuid[]) and mastery_after is not null
    window days as (partition by user_id, topic_id order by stat_date)
  ) d
  where is_last or is_gap is distinct from was_gap
  order by user_id, topic_id, stat_date`,
);

// For each learner a search of their own: bounds that it brings along leave out the other months.
const selectRecent = statement(
  'gap.recent_attempts',
  `select l.user_id as "userId", r."topicId", r.id, r."atMs", r."isCorrect"
  from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as l (user_id, from_at, to_at)
  cross join lateral (
    select a.topic_id as "topicId", a.id, (extract(epoch from a.attempted_at) * 1000)::float8 as "atMs", a.is_correct as "isCorrect",
      row_number() over (partition by a.topic_id order by a.attempted_at desc, a.id desc) as place
    from question_attempts a
    where a.user_id = l.user_id and a.attempted_at between l.from_at and l.to_at
  ) as r
  where r.place <= $4`,
);

const columns = {
  user_id: 'uuid',
  topic_id: 'uuid',
  severity: 'text',
  gap_score: 'float8',
  priority_score: 'float8',
  priority_terms: 'jsonb',
  importance_terms: 'jsonb',
  attempts: 'int',
  accuracy: 'float8',
  recent_failure_rate: 'float8',
  untried_share: 'float8',
  exam_weight: 'float8',
  blocks_count: 'int',
  is_ready: 'boolean',
  blocked_by: 'jsonb',
  path: 'jsonb',
  estimated_hours: 'float8',
  recommended_materials: 'jsonb',
  reasons: 'jsonb',
  identified_on: 'date',
  resolved_on: 'date',
  calculation_version: 'smallint',
  as_of: 'timestamptz',
} as const;

const stored = { ...columns, content_hash: 'uuid' };
const names = Object.keys(stored);
const values = names.filter((name) => name !== 'user_id' && name !== 'topic_id');

const selectHashes = statement(
  'gap.hashes',
  `select user_id as "userId", topic_id as "topicId", replace(content_hash::text, '-', '') as hash
  from knowledge_gaps
  where user_id = any($1::uuid[])`,
);

const saveRows = statement(
  'gap.save',
  `with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as r (${Object.entries(stored)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')})
  )
  insert into knowledge_gaps as t (${names.join(', ')})
  select ${names.map((name) => `r.${name}`).join(', ')}
  from given r
  order by r.user_id, r.topic_id
  on conflict (user_id, topic_id) do update set
    ${values.map((name) => `${name} = excluded.${name}`).join(', ')}, calculated_at = now()`,
);

const deleteRows = statement(
  'gap.delete',
  `delete from knowledge_gaps g
  using unnest($1::uuid[], $2::uuid[]) as k (user_id, topic_id)
  where g.user_id = k.user_id and g.topic_id = k.topic_id`,
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

export type RecentRange = OfLearner & { readonly fromMs: number; readonly toMs: number };

/** The attempts of each learner's range, both ends included: at most the last 20 of each topic. */
export function listRecentAttempts(
  tx: Tx,
  ranges: readonly RecentRange[],
): Promise<readonly (OfTopic & RecentAttempt)[]> {
  return tx.query<OfTopic & RecentAttempt>(selectRecent, [
    ranges.map(({ userId }) => userId),
    ranges.map(({ fromMs }) => new Date(fromMs)),
    ranges.map(({ toMs }) => new Date(toMs)),
    RECENT_ATTEMPTS,
  ]);
}

/** Rows keyed by column name. */
export type GapRow = Readonly<Record<keyof typeof columns, string | number | boolean | null | readonly unknown[]>> & {
  readonly user_id: string;
  readonly topic_id: string;
};

// A row is a thousand characters: those of a hundred new learners in one value would be megabytes of garbage.
const ROWS_A_STATEMENT = 500;

/**
 * Makes these all the gap rows that the learners have. Returns how many rows were written or deleted. A row is told from the stored
 * one by the hash of its content: to send and to compare fifty rows of a learner costs more than the rest of their update, and
 * few of them change.
 */
export async function replaceGaps(tx: Tx, userIds: readonly string[], rows: readonly GapRow[]): Promise<number> {
  const hashes = await tx.query<OfTopic & { readonly hash: string | null }>(selectHashes, [userIds]);
  const left = new Map(hashes.map((row) => [`${row.userId} ${row.topicId}`, row]));
  const changed: string[] = [];
  for (const row of rows) {
    const key = `${row.user_id} ${row.topic_id}`;
    const content = JSON.stringify(row);
    const contentHash = hash('md5', content);
    if (left.get(key)?.hash !== contentHash) changed.push(`${content.slice(0, -1)},"content_hash":"${contentHash}"}`);
    left.delete(key);
  }
  for (let from = 0; from < changed.length; from += ROWS_A_STATEMENT) {
    await tx.query(saveRows, [`[${changed.slice(from, from + ROWS_A_STATEMENT).join(',')}]`]);
  }
  const gone = [...left.values()];
  await deleteGaps(tx, gone);
  return changed.length + gone.length;
}

async function deleteGaps(tx: Tx, gaps: readonly OfTopic[]): Promise<void> {
  if (gaps.length === 0) return;
  await tx.query(deleteRows, [gaps.map(({ userId }) => userId), gaps.map(({ topicId }) => topicId)]);
}

/** Notes what the learners' gaps were made by. */
export async function saveGapVersion(tx: Tx, userIds: readonly string[], version: GapVersion): Promise<void> {
  if (userIds.length > 0) await tx.query(saveVersion, [userIds, version]);
}
