import type { TopicAbility } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

// One statement, so that the learner and their topics are of one moment. A learner without a topic has one row.
const selectAbility = statement(
  'dashboard.ability',
  `select
    p.theta as "learnerTheta",
    p.answers::float8 as "learnerAnswers",
    p.model_version as "modelVersion",
    t.topic_id as "topicId",
    t.questions_attempted as attempts,
    t.theta,
    t.recent,
    t.learner_theta as "takenUp",
    (extract(epoch from t.last_answer_at) * 1000)::float8 as "lastAtMs",
    (extract(epoch from t.as_of) * 1000)::float8 as "asOfMs"
  from learner_progress p
  left join topic_mastery t on t.user_id = p.user_id
  where p.user_id = $1`,
);

export type TopicAbilityRow = TopicAbility & {
  readonly topicId: string;
  readonly attempts: number;
  readonly asOfMs: number;
};

export type LearnerAbilityRows = {
  readonly theta: number;
  readonly answers: number;
  readonly modelVersion: number;
  readonly topics: readonly TopicAbilityRow[];
};

/** What mastery version 2 knows of a learner; null before their first update. */
export async function findAbility(reader: Reader, userId: string): Promise<LearnerAbilityRows | null> {
  type Row = Pick<LearnerAbilityRows, 'modelVersion'> &
    Omit<TopicAbilityRow, 'topicId' | 'learnerTheta'> & {
      readonly learnerTheta: number;
      readonly learnerAnswers: number;
      readonly takenUp: number;
      readonly topicId: string | null;
    };
  const rows = await reader.query<Row>(selectAbility, [userId]);
  const [first] = rows;
  if (first === undefined) return null;
  return {
    theta: first.learnerTheta,
    answers: first.learnerAnswers,
    modelVersion: first.modelVersion,
    topics: rows.flatMap(({ topicId, attempts, theta, recent, takenUp, lastAtMs, asOfMs }) =>
      topicId === null ? [] : [{ topicId, attempts, theta, recent, learnerTheta: takenUp, lastAtMs, asOfMs }],
    ),
  };
}
