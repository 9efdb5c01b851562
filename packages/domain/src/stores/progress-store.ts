// The checkpoint of a learner's fold: where it stands, and the state of each question.
import type { Place, QuestionState, ReviewState, Scheduler } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { upsertStatement } from './upsert.ts';

export type LearnerProgress = {
  readonly answers: number;
  readonly cursor: Place | null;
  readonly curriculumVersion: number;
  /** θ_u of mastery version 2, and the version of its model that all rows of the learner stand under. */
  readonly theta: number;
  readonly modelVersion: number;
  /** What the due days were made by; null before the first. */
  readonly scheduler: Scheduler | null;
  /** The day whose night was applied last. */
  readonly night: string | null;
};

// Why the step's watermark: a learner first seen after a night is as they would be had they been there before it.
const selectProgress = statement(
  'progress.learner',
  `select coalesce(p.answers, 0)::int as answers, (extract(epoch from p.cursor_at) * 1000)::float8 as "cursorMs",
    p.cursor_id as "cursorId", coalesce(p.curriculum_version, 0) as "curriculumVersion", p.scheduler,
    coalesce(p.theta, 0) as theta, coalesce(p.model_version, 0) as "modelVersion",
    (case when p.user_id is null then b.watermark else p.night end)::text as night
  from (values ($1::uuid)) as l (user_id)
  left join learner_progress p on p.user_id = l.user_id
  left join batch_runs b on b.step = 'mastery'`,
);

const saveProgress = upsertStatement({
  name: 'progress.save_learner',
  table: 'learner_progress',
  key: ['user_id'],
  columns: {
    user_id: 'uuid',
    answers: 'bigint',
    cursor_at: 'timestamptz',
    cursor_id: 'uuid',
    theta: 'float8',
    model_version: 'int',
    curriculum_version: 'int',
    scheduler: 'text',
    night: 'date',
  },
  stamped: false,
});

const questionColumns = `question_id as "questionId", topic_id as "topicId", attempts, correct, first_attempt_id as "firstId",
    (extract(epoch from first_attempt_at) * 1000)::float8 as "firstAtMs", first_study_day::text as "firstStudyDay",
    first_correct as "firstCorrect", last_attempt_id as "lastId", (extract(epoch from last_attempt_at) * 1000)::float8 as "lastAtMs",
    last_study_day::text as "lastStudyDay", last_correct as "lastCorrect", theta`;

const reviewColumns = `stability, difficulty, interval_days as "intervalDays", due_day::text as "dueDay", easiness, repetitions`;

const selectQuestions = statement(
  'progress.questions',
  `select ${questionColumns}, ${reviewColumns}
  from question_progress
  where user_id = $1 and question_id = any($2::uuid[])`,
);

const selectFirsts = statement(
  'progress.first_attempts',
  `select question_id as "questionId", first_attempt_id as "firstId", first_study_day::text as "firstStudyDay"
  from question_progress
  where user_id = $1`,
);

const saveQuestionRows = upsertStatement({
  name: 'progress.save_questions',
  table: 'question_progress',
  key: ['user_id', 'question_id'],
  columns: {
    user_id: 'uuid',
    question_id: 'uuid',
    topic_id: 'uuid',
    attempts: 'int',
    correct: 'int',
    first_attempt_id: 'uuid',
    first_attempt_at: 'timestamptz',
    first_study_day: 'date',
    first_correct: 'boolean',
    last_attempt_id: 'uuid',
    last_attempt_at: 'timestamptz',
    last_study_day: 'date',
    last_correct: 'boolean',
    stability: 'float8',
    difficulty: 'float8',
    interval_days: 'int',
    due_day: 'date',
    theta: 'float8',
    easiness: 'float8',
    repetitions: 'int',
    scheduler: 'text',
    as_of: 'timestamptz',
  },
});

// By the index on due days; of the questions of one topic the first that is due, and of several on that day the shortest interval.
const selectNextReviews = statement(
  'progress.next_reviews',
  `select distinct on (topic_id) topic_id as "topicId", due_day::text as "dueDay", interval_days as "intervalDays"
  from question_progress
  where user_id = $1 and topic_id = any($2::uuid[]) and due_day is not null
  order by topic_id, due_day, interval_days`,
);

export async function getProgress(tx: Tx, userId: string): Promise<LearnerProgress> {
  type Row = Omit<LearnerProgress, 'cursor'> & { readonly cursorMs: number | null; readonly cursorId: string | null };
  const [row] = await tx.query<Row>(selectProgress, [userId]);
  if (row === undefined) throw new Error(`${selectProgress.name} returned no row`);
  const { cursorMs, cursorId, ...rest } = row;
  return { ...rest, cursor: cursorMs === null || cursorId === null ? null : { atMs: cursorMs, id: cursorId } };
}

export async function saveLearnerProgress(tx: Tx, userId: string, progress: LearnerProgress): Promise<void> {
  const { answers, cursor, theta, modelVersion, curriculumVersion, scheduler, night } = progress;
  const row = {
    user_id: userId,
    answers,
    cursor_at: cursor === null ? null : timeOf(cursor.atMs),
    cursor_id: cursor?.id ?? null,
    theta,
    model_version: modelVersion,
    curriculum_version: curriculumVersion,
    scheduler,
    night,
  };
  await tx.query(saveProgress, [JSON.stringify([row])]);
}

export type StoredQuestions = {
  readonly states: ReadonlyMap<string, QuestionState>;
  readonly reviews: ReadonlyMap<string, ReviewState>;
};

type ReviewRow = {
  readonly [Column in Exclude<keyof ReviewState, 'lastStudyDay'>]: ReviewState[Column] | null;
};

/** Those of the questions that have been answered before. */
export async function listQuestions(tx: Tx, userId: string, questionIds: readonly string[]): Promise<StoredQuestions> {
  type Row = QuestionState & ReviewRow & { readonly questionId: string };
  const rows = await tx.query<Row>(selectQuestions, [userId, questionIds]);
  const states = new Map<string, QuestionState>();
  const reviews = new Map<string, ReviewState>();
  for (const row of rows) {
    const { questionId, stability, difficulty, intervalDays, dueDay, easiness, repetitions, ...state } = row;
    if (intervalDays === null || dueDay === null) throw new Error(`question ${questionId} has no schedule`);
    states.set(questionId, state);
    const { lastStudyDay } = state;
    reviews.set(questionId, { stability, difficulty, intervalDays, dueDay, easiness, repetitions, lastStudyDay });
  }
  return { states, reviews };
}

export type NextReview = { readonly topicId: string; readonly dueDay: string; readonly intervalDays: number };

/** The next review of each topic that has one: by the topic in which a question was first answered. */
export function listNextReviews(tx: Tx, userId: string, topicIds: readonly string[]): Promise<readonly NextReview[]> {
  return tx.query<NextReview>(selectNextReviews, [userId, topicIds]);
}

export type FirstAttempt = { readonly questionId: string; readonly firstId: string; readonly firstStudyDay: string };

/** The stored first attempt of every question of a learner. */
export function listFirstAttempts(tx: Tx, userId: string): Promise<readonly FirstAttempt[]> {
  return tx.query<FirstAttempt>(selectFirsts, [userId]);
}

export type ScheduledQuestions = StoredQuestions & { readonly scheduler: Scheduler };

/** Saves questions with their schedules; every question has one. */
export async function saveQuestions(
  tx: Tx,
  userId: string,
  { states, reviews, scheduler }: ScheduledQuestions,
): Promise<void> {
  if (states.size === 0) return;
  const rows = [...states].map(([questionId, state]) => {
    const review = reviews.get(questionId);
    if (review === undefined) throw new Error(`question ${questionId} has no schedule to save`);
    return {
      user_id: userId,
      question_id: questionId,
      topic_id: state.topicId,
      attempts: state.attempts,
      correct: state.correct,
      first_attempt_id: state.firstId,
      first_attempt_at: timeOf(state.firstAtMs),
      first_study_day: state.firstStudyDay,
      first_correct: state.firstCorrect,
      last_attempt_id: state.lastId,
      last_attempt_at: timeOf(state.lastAtMs),
      last_study_day: state.lastStudyDay,
      last_correct: state.lastCorrect,
      ...reviewRow(review),
      theta: state.theta,
      scheduler,
      as_of: timeOf(state.lastAtMs),
    };
  });
  await tx.query(saveQuestionRows, [JSON.stringify(rows)]);
}

function reviewRow({ stability, difficulty, intervalDays, dueDay, easiness, repetitions }: ReviewState) {
  return { stability, difficulty, interval_days: intervalDays, due_day: dueDay, easiness, repetitions };
}

export function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
