// A learner's checkpoint: what follows from their facts before the boundary, and the facts before it that are kept.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import type { LearnerRange } from './batch-store.ts';

// $2 is the boundary, a day: facts before its midnight, UTC.
const boundaryAt = `($2::date)::timestamp at time zone 'UTC'`;

const select = statement(
  'checkpoint.get',
  `select boundary::text as boundary, answers::float8 as answers, state
  from learner_checkpoints
  where user_id = $1`,
);

// Sessions that an event of today may still be told against: those that reach the study days around the boundary. The address
// is the one thing that nothing is computed from. Facts that an earlier checkpoint kept are kept on while their session is.
const save = statement(
  'checkpoint.save',
  `with session as (
    select id, started_at
    from study_sessions
    where user_id = $1
      and started_at < ${boundaryAt}
      and last_event_at >= ${boundaryAt} - interval '3 days'
  ), before as (
    select kept
    from learner_checkpoints
    where user_id = $1 and kept is not null
  ), event as (
    select to_jsonb(e) - 'client_ip' as fact
    from session s
    join study_events e on e.user_id = $1 and e.created_at >= s.started_at and e.created_at < ${boundaryAt} and e.session_id = s.id
    union
    select fact
    from before b
    cross join lateral jsonb_array_elements(b.kept -> 'events') fact
    where (fact ->> 'session_id')::uuid in (select id from session)
  ), attempt as (
    select to_jsonb(a) as fact
    from session s
    join question_attempts a on a.user_id = $1 and a.attempted_at >= s.started_at and a.attempted_at < ${boundaryAt}
      and a.session_id = s.id
    union
    select fact
    from before b
    cross join lateral jsonb_array_elements(b.kept -> 'attempts') fact
    where (fact ->> 'session_id')::uuid in (select id from session)
  )
  insert into learner_checkpoints (user_id, boundary, answers, state, kept)
  select $1, $2::date, $3, $4::jsonb,
    (select jsonb_build_object('events', jsonb_agg(fact), 'attempts', (select coalesce(jsonb_agg(fact), '[]') from attempt))
      from event
      having count(*) > 0)
  on conflict (user_id) do update set
    boundary = excluded.boundary,
    answers = excluded.answers,
    state = excluded.state,
    kept = excluded.kept,
    made_at = now()`,
);

const countAttempts = statement(
  'checkpoint.count_attempts',
  `update question_progress p
  set checkpoint_attempts = (q.value ->> 'attempts')::int
  from learner_checkpoints c
  cross join lateral jsonb_each(c.state -> 'questions') q
  where c.user_id = $1 and p.user_id = $1 and p.question_id = q.key::uuid
    and p.checkpoint_attempts <> (q.value ->> 'attempts')::int`,
);

const selectStudied = statement(
  'checkpoint.studied',
  `select topic_id as "topicId", (extract(epoch from min(created_at)) * 1000)::float8 as "firstMs",
    (extract(epoch from max(created_at)) * 1000)::float8 as "lastMs"
  from study_events
  where user_id = $1 and created_at < ${boundaryAt} and topic_id is not null
  group by topic_id`,
);

// Days that have answers before the boundary, and may get more after it.
const selectTopicDays = statement(
  'checkpoint.topic_days',
  `select t.topic_id as "topicId", t.stat_date::text as "studyDay", t.mastery_before as "masteryBefore", t.mastery_after as "masteryAfter"
  from topic_daily_stats t
  where t.user_id = $1 and t.stat_date >= $2::date - 2 and t.stat_date <= $2::date + 1 and t.mastery_after is not null
    and exists (
      select from question_attempts a
      where a.user_id = t.user_id and a.attempted_at < ${boundaryAt} and a.attempted_at >= ${boundaryAt} - interval '4 days'
        and a.topic_id = t.topic_id and a.study_day = t.stat_date)
  order by t.stat_date, t.topic_id`,
);

const selectAnswersLeft = statement(
  'checkpoint.answers_left',
  `select l.answers::float8 as accepted,
    (select count(*)::float8 from question_attempts a where a.user_id = l.user_id and a.attempted_at >= ${boundaryAt}) as "left"
  from learners l
  where l.user_id = $1`,
);

// Also those whose facts before are all gone, while the last checkpoint keeps some of them that need not be kept any more.
const lacking = `l.user_id >= $1::uuid and ($3::uuid is null or l.user_id < $3)
    and not exists (select from learner_checkpoints c where c.user_id = l.user_id and c.boundary >= $2::date)
    and (exists (select from study_events e where e.user_id = l.user_id and e.created_at < ${boundaryAt})
      or exists (select from question_attempts a where a.user_id = l.user_id and a.attempted_at < ${boundaryAt})
      or exists (select from learner_checkpoints c where c.user_id = l.user_id and c.kept is not null))`;

const selectLacking = statement(
  'checkpoint.lacking',
  `select l.user_id as "userId"
  from learners l
  where ${lacking} and ($4::uuid is null or l.user_id > $4)
  order by l.user_id
  limit $5`,
);

const countLacking = statement(
  'checkpoint.count_lacking',
  `select count(*)::int as learners
  from learners l
  where ${lacking}`,
);

export type StoredCheckpoint = {
  readonly boundary: string;
  readonly answers: number;
  /** As `encodeCheckpoint` made it. */
  readonly state: unknown;
};

export async function findCheckpoint(tx: Tx, userId: string): Promise<StoredCheckpoint | null> {
  const [row] = await tx.query<StoredCheckpoint>(select, [userId]);
  return row ?? null;
}

/** Saves a checkpoint with the facts that are kept, and notes with each question how many answers lie before it. */
export async function saveCheckpoint(tx: Tx, userId: string, checkpoint: StoredCheckpoint): Promise<void> {
  const { boundary, answers, state } = checkpoint;
  await tx.query(save, [userId, boundary, answers, JSON.stringify(state)]);
  await tx.query(countAttempts, [userId]);
}

export type StudiedSpan = { readonly topicId: string; readonly firstMs: number; readonly lastMs: number };

/** When each topic was first and last studied before the boundary, by the facts that are stored. */
export function listStudiedBefore(tx: Tx, userId: string, boundary: string): Promise<readonly StudiedSpan[]> {
  return tx.query<StudiedSpan>(selectStudied, [userId, boundary]);
}

export type CheckpointDay = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly masteryBefore: number | null;
  readonly masteryAfter: number;
};

/** The stored mastery of days that both facts before the boundary and facts after it may belong to. */
export function listOpenTopicDays(tx: Tx, userId: string, boundary: string): Promise<readonly CheckpointDay[]> {
  return tx.query<CheckpointDay>(selectTopicDays, [userId, boundary]);
}

export type AnswerCounts = {
  /** Ever, as the learner's row counts them. */
  readonly accepted: number;
  /** Stored from the boundary on. */
  readonly left: number;
};

/** A learner's answers; null where there is no such learner (any more). */
export async function findAnswerCounts(tx: Tx, userId: string, boundary: string): Promise<AnswerCounts | null> {
  const [row] = await tx.query<AnswerCounts>(selectAnswersLeft, [userId, boundary]);
  return row ?? null;
}

type Lacking = { readonly boundary: string; readonly range: LearnerRange };

/** The next learners of a range, in order of their id, who need a checkpoint at the boundary and have none. */
export async function listLackingCheckpoint(
  tx: Tx,
  { boundary, range, after, limit }: Lacking & { readonly after: string | null; readonly limit: number },
): Promise<readonly string[]> {
  const { fromUserId, toUserId } = range;
  const rows = await tx.query<{ userId: string }>(selectLacking, [fromUserId, boundary, toUserId, after, limit]);
  return rows.map(({ userId }) => userId);
}

export async function countLackingCheckpoint(tx: Tx, { boundary, range }: Lacking): Promise<number> {
  const [row] = await tx.query<{ learners: number }>(countLacking, [range.fromUserId, boundary, range.toUserId]);
  return row?.learners ?? 0;
}
