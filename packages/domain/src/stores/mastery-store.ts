import type { Evidence, TopicState } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { upsertOf } from './upsert.ts';

const selectTopics = statement(
  'mastery.topics',
  `select user_id as "userId", topic_id as "topicId", questions_attempted as attempts, questions_correct as correct,
    first_attempts as questions, first_correct as "firstCorrect", ewma, theta, recent, learner_theta as "learnerTheta", answer_seconds as "answerSeconds",
    (extract(epoch from first_answer_at) * 1000)::float8 as "firstAtMs",
    (extract(epoch from last_answer_at) * 1000)::float8 as "lastAtMs",
    (extract(epoch from first_studied_at) * 1000)::float8 as "firstStudiedMs",
    (extract(epoch from last_studied_at) * 1000)::float8 as "lastStudiedMs", mastery_score as score, evidence,
    (extract(epoch from as_of) * 1000)::float8 as "asOfMs"
  from topic_mastery
  where user_id = any($1::uuid[])`,
);

// The earliest event that completed each material as a whole; completed chunks are not completed materials.
const selectCompletions = statement(
  'mastery.completions',
  `select user_id as "userId", material_id as "materialId", (extract(epoch from min(completed_at)) * 1000)::float8 as "completedAtMs"
  from material_interactions
  where user_id = any($1::uuid[]) and chunk_id is null and completed_at is not null
  group by user_id, material_id`,
);

const saveRows = upsertOf({
  name: 'mastery.save',
  table: 'topic_mastery',
  key: ['user_id', 'topic_id'],
  columns: {
    user_id: 'uuid',
    topic_id: 'uuid',
    mastery_score: 'float8',
    score_v1: 'float8',
    score_v2: 'float8',
    confidence_score: 'float8',
    retrieval_strength: 'float8',
    retention_rate: 'float8',
    first_attempt_accuracy: 'float8',
    overall_accuracy: 'float8',
    material_completion: 'float8',
    ewma: 'float8',
    theta: 'float8',
    recent: 'float8',
    learner_theta: 'float8',
    questions_attempted: 'int',
    questions_correct: 'int',
    first_attempts: 'int',
    first_correct: 'int',
    answer_seconds: 'float8',
    first_answer_at: 'timestamptz',
    last_answer_at: 'timestamptz',
    materials_completed: 'int',
    materials_total: 'int',
    total_study_seconds: 'int',
    avg_response_time_seconds: 'float8',
    first_studied_at: 'timestamptz',
    last_studied_at: 'timestamptz',
    next_review_day: 'date',
    review_interval_days: 'int',
    mastery_trend: 'text',
    evidence: 'text',
    calculation_version: 'smallint',
    as_of: 'timestamptz',
  },
});

export type TopicScoreRow = {
  readonly topicId: string;
  readonly score: number | null;
  readonly evidence: Evidence;
};

/** What an update goes on from: the fold's state of a topic, when it was studied, and how it was scored. */
export type StoredTopic = TopicState &
  TopicScoreRow & {
    readonly userId: string;
    readonly firstStudiedMs: number;
    readonly lastStudiedMs: number;
    readonly asOfMs: number;
  };

/** Every stored topic of the learners. */
export function listStoredTopics(tx: Tx, userIds: readonly string[]): Promise<readonly StoredTopic[]> {
  return tx.query<StoredTopic>(selectTopics, [userIds]);
}

export type Completion = { readonly materialId: string; readonly completedAtMs: number };

export type LearnerCompletion = Completion & { readonly userId: string };

export function listCompletions(tx: Tx, userIds: readonly string[]): Promise<readonly LearnerCompletion[]> {
  return tx.query<LearnerCompletion>(selectCompletions, [userIds]);
}

/** Rows keyed by column name, as `mastery.save` takes them. */
export type TopicMasteryRow = Readonly<Record<string, string | number | null>> & {
  readonly user_id: string;
  readonly topic_id: string;
  readonly mastery_score: number | null;
  readonly evidence: Evidence;
};

/** Sent, not waited for. */
export function saveTopicMastery(tx: Tx, rows: readonly TopicMasteryRow[]): void {
  saveRows(tx, rows);
}
