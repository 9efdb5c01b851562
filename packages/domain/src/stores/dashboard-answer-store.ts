// A learner's own answers, for the dashboards that go back to them.
import type { Place } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

const selectUpTo = statement(
  'dashboard.answers_up_to',
  `select
    question_id as "questionId",
    topic_id as "topicId",
    is_correct as "isCorrect",
    (extract(epoch from attempted_at) * 1000)::float8 as "atMs"
  from question_attempts
  where user_id = $1
    and attempted_at <= $2
    and ($3::timestamptz is null or (attempted_at, id) > ($3, $4::uuid))
  order by attempted_at, id`,
);

const selectKept = statement(
  'dashboard.kept_state',
  `select state
  from learner_checkpoints
  where user_id = $1`,
);

// A study day begins at most 14 hours before its date does in UTC.
const selectTopic = statement(
  'dashboard.topic_answers',
  `select
    question_id as "questionId",
    study_day::text as "studyDay",
    is_correct as "isCorrect"
  from question_attempts
  where user_id = $1
    and topic_id = $2
    and attempted_at >= $3::date - interval '1 day'
    and study_day between $3::date and $4::date
  order by attempted_at, id`,
);

const selectStabilities = statement(
  'dashboard.topic_stabilities',
  `select stability
  from question_progress
  where user_id = $1
    and topic_id = $2
    and stability is not null
  order by question_id`,
);

export type ExplainedAnswer = {
  readonly questionId: string;
  readonly topicId: string;
  readonly isCorrect: boolean;
  readonly atMs: number;
};

/** A learner's stored answers after a place in canonical order and up to a time, in that order. */
export function listAnswersUpTo(
  reader: Reader,
  { userId, toMs, after }: { readonly userId: string; readonly toMs: number; readonly after: Place | null },
): Promise<readonly ExplainedAnswer[]> {
  const from = after === null ? [null, null] : [new Date(after.atMs), after.id];
  return reader.query<ExplainedAnswer>(selectUpTo, [userId, new Date(toMs), ...from]);
}

/** The state of the learner's checkpoint, as `encodeCheckpoint` made it; null where there is none. */
export async function findKeptState(reader: Reader, userId: string): Promise<unknown> {
  const [row] = await reader.query<{ state: unknown }>(selectKept, [userId]);
  return row?.state ?? null;
}

export type TopicAnswer = { readonly questionId: string; readonly studyDay: string; readonly isCorrect: boolean };

export type TopicPeriod = {
  readonly userId: string;
  readonly topicId: string;
  readonly fromDay: string;
  readonly toDay: string;
};

/** A learner's answers in a topic on some study days, both ends included, in canonical order. */
export function listTopicAnswers(
  reader: Reader,
  { userId, topicId, fromDay, toDay }: TopicPeriod,
): Promise<readonly TopicAnswer[]> {
  return reader.query<TopicAnswer>(selectTopic, [userId, topicId, fromDay, toDay]);
}

/** Stabilities in days of the questions that count in a topic, by FSRS-6. */
export async function listStabilities(
  reader: Reader,
  { userId, topicId }: Pick<TopicPeriod, 'userId' | 'topicId'>,
): Promise<readonly number[]> {
  const rows = await reader.query<{ stability: number }>(selectStabilities, [userId, topicId]);
  return rows.map(({ stability }) => stability);
}
