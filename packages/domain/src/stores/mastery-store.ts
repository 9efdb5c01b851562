import type { TopicState } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { upsertStatement } from './upsert.ts';

const selectStates = statement(
  'mastery.states',
  `select topic_id as "topicId", questions_attempted as attempts, questions_correct as correct, first_attempts as questions,
    first_correct as "firstCorrect", ewma, theta, recent, learner_theta as "learnerTheta", answer_seconds as "answerSeconds",
    (extract(epoch from first_answer_at) * 1000)::float8 as "firstAtMs", (extract(epoch from last_answer_at) * 1000)::float8 as "lastAtMs"
  from topic_mastery
  where user_id = $1 and topic_id = any($2::uuid[])`,
);

const selectScores = statement(
  'mastery.scores',
  `select topic_id as "topicId", mastery_score as score, evidence
  from topic_mastery
  where user_id = $1`,
);

// The earliest event that completed each material as a whole; completed chunks are not completed materials.
const selectCompletions = statement(
  'mastery.completions',
  `select material_id as "materialId", (extract(epoch from min(completed_at)) * 1000)::float8 as "completedAtMs"
  from material_interactions
  where user_id = $1 and chunk_id is null and completed_at is not null
  group by material_id`,
);

const saveRows = upsertStatement({
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

const selectStudied = statement(
  'mastery.studied',
  `select topic_id as "topicId", (extract(epoch from first_studied_at) * 1000)::float8 as "firstMs",
    (extract(epoch from last_studied_at) * 1000)::float8 as "lastMs"
  from topic_mastery
  where user_id = $1`,
);

export async function listTopicStates(
  tx: Tx,
  userId: string,
  topicIds: readonly string[],
): Promise<ReadonlyMap<string, TopicState>> {
  const rows = await tx.query<TopicState & { topicId: string }>(selectStates, [userId, topicIds]);
  return new Map(rows.map(({ topicId, ...state }) => [topicId, state]));
}

export type StoredScore = {
  readonly topicId: string;
  readonly score: number | null;
  readonly evidence: 'none' | 'not_enough_data' | 'enough';
};

export function listTopicScores(tx: Tx, userId: string): Promise<readonly StoredScore[]> {
  return tx.query<StoredScore>(selectScores, [userId]);
}

export type Completion = { readonly materialId: string; readonly completedAtMs: number };

export function listCompletions(tx: Tx, userId: string): Promise<readonly Completion[]> {
  return tx.query<Completion>(selectCompletions, [userId]);
}

export type StudiedTopic = { readonly topicId: string; readonly firstMs: number; readonly lastMs: number };

/** When each stored topic was first and last studied. */
export function listStudiedTopics(tx: Tx, userId: string): Promise<readonly StudiedTopic[]> {
  return tx.query<StudiedTopic>(selectStudied, [userId]);
}

/** Rows keyed by column name, as `mastery.save` takes them. */
export type TopicMasteryRow = Readonly<Record<string, string | number | null>>;

export async function saveTopicMastery(tx: Tx, rows: readonly TopicMasteryRow[]): Promise<void> {
  if (rows.length > 0) await tx.query(saveRows, [JSON.stringify(rows)]);
}
