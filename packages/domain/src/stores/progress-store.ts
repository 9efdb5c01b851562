// The checkpoint of a learner's fold: where it stands, and the state of each question.
import type { Place, QuestionState, ReviewState, Scheduler } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { upsertOf } from './upsert.ts';

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

const saveProgress = upsertOf({
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

const selectModelVersion = statement(
  'progress.model_version',
  `select model_version as "modelVersion"
  from learner_progress
  where user_id = $1`,
);

const questionColumns = `question_id as "questionId", topic_id as "topicId", attempts, correct, first_attempt_id as "firstId",
    (extract(epoch from first_attempt_at) * 1000)::float8 as "firstAtMs", first_study_day::text as "firstStudyDay",
    first_correct as "firstCorrect", last_attempt_id as "lastId", (extract(epoch from last_attempt_at) * 1000)::float8 as "lastAtMs",
    last_study_day::text as "lastStudyDay", last_correct as "lastCorrect", theta`;

const reviewColumns = `stability, difficulty, interval_days as "intervalDays", due_day::text as "dueDay", easiness, repetitions`;

const selectQuestions = statement(
  'progress.questions',
  `select user_id as "userId", ${questionColumns}, ${reviewColumns}
  from unnest($1::uuid[], $2::uuid[]) as k (user_id, question_id)
  join question_progress using (user_id, question_id)`,
);

const selectFirsts = statement(
  'progress.first_attempts',
  `select user_id as "userId", question_id as "questionId", first_attempt_id as "firstId", first_study_day::text as "firstStudyDay"
  from question_progress
  where user_id = any($1::uuid[])`,
);

const saveQuestionRows = upsertOf({
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
  `select distinct on (user_id, topic_id) user_id as "userId", topic_id as "topicId", due_day::text as "dueDay",
    interval_days as "intervalDays"
  from question_progress
  where user_id = any($1::uuid[]) and topic_id = any($2::uuid[]) and due_day is not null
  order by user_id, topic_id, due_day, interval_days`,
);

/** The version of the mastery model that a learner's rows stand under; 0 before their first update. */
export async function getModelVersionOf(tx: Tx, userId: string): Promise<number> {
  const [row] = await tx.query<{ modelVersion: number }>(selectModelVersion, [userId]);
  return row?.modelVersion ?? 0;
}

/** Sent, not waited for. */
export function saveLearnerProgress(tx: Tx, learners: ReadonlyMap<string, LearnerProgress>): void {
  const rows = [...learners].map(
    ([userId, { answers, cursor, theta, modelVersion, curriculumVersion, scheduler, night }]) => ({
      user_id: userId,
      answers,
      cursor_at: cursor === null ? null : timeOf(cursor.atMs),
      cursor_id: cursor?.id ?? null,
      theta,
      model_version: modelVersion,
      curriculum_version: curriculumVersion,
      scheduler,
      night,
    }),
  );
  saveProgress(tx, rows);
}

type ReviewRow = {
  readonly [Column in Exclude<keyof ReviewState, 'lastStudyDay'>]: ReviewState[Column] | null;
};

export type QuestionKey = { readonly userId: string; readonly questionId: string };
export type StoredQuestion = QuestionKey & { readonly state: QuestionState; readonly review: ReviewState };

/** Those of the questions that their learners have answered before. */
export async function listQuestions(tx: Tx, keys: readonly QuestionKey[]): Promise<readonly StoredQuestion[]> {
  if (keys.length === 0) return [];
  const rows = await tx.query<QuestionKey & QuestionState & ReviewRow>(selectQuestions, [
    keys.map(({ userId }) => userId),
    keys.map(({ questionId }) => questionId),
  ]);
  return rows.map((row) => {
    const { userId, questionId, stability, difficulty, intervalDays, dueDay, easiness, repetitions, ...state } = row;
    if (intervalDays === null || dueDay === null) throw new Error(`question ${questionId} has no schedule`);
    const { lastStudyDay } = state;
    const review = { stability, difficulty, intervalDays, dueDay, easiness, repetitions, lastStudyDay };
    return { userId, questionId, state, review };
  });
}

export type NextReview = {
  readonly userId: string;
  readonly topicId: string;
  readonly dueDay: string;
  readonly intervalDays: number;
};

/** The next review of each of the topics that has one, for each learner: by the topic in which a question was first answered. */
export function listNextReviews(
  tx: Tx,
  { userIds, topicIds }: { readonly userIds: readonly string[]; readonly topicIds: readonly string[] },
): Promise<readonly NextReview[]> {
  return tx.query<NextReview>(selectNextReviews, [userIds, topicIds]);
}

export type FirstAttempt = QuestionKey & { readonly firstId: string; readonly firstStudyDay: string };

/** The stored first attempt of every question of the learners. */
export function listFirstAttempts(tx: Tx, userIds: readonly string[]): Promise<readonly FirstAttempt[]> {
  return tx.query<FirstAttempt>(selectFirsts, [userIds]);
}

export type ScheduledQuestions = {
  readonly userId: string;
  readonly states: ReadonlyMap<string, QuestionState>;
  readonly reviews: ReadonlyMap<string, ReviewState>;
  readonly scheduler: Scheduler;
};

// Keeps a learner of many thousand questions from being one value of many megabytes.
const QUESTIONS_A_STATEMENT = 5_000;

/** Saves the questions of learners with their schedules; every question has one. Sent, not waited for. */
export function saveQuestions(tx: Tx, learners: readonly ScheduledQuestions[]): void {
  const rows = learners.flatMap(questionRows);
  for (let from = 0; from < rows.length; from += QUESTIONS_A_STATEMENT) {
    saveQuestionRows(tx, rows.slice(from, from + QUESTIONS_A_STATEMENT));
  }
}

function questionRows({ userId, states, reviews, scheduler }: ScheduledQuestions) {
  return [...states].map(([questionId, state]) => {
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
}

function reviewRow({ stability, difficulty, intervalDays, dueDay, easiness, repetitions }: ReviewState) {
  return { stability, difficulty, interval_days: intervalDays, due_day: dueDay, easiness, repetitions };
}

export function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
