// The checkpoint of a learner's fold: where it stands, and the state of each question.
import type { Place, QuestionState } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import { upsertStatement } from './upsert.ts';

export type LearnerProgress = {
  readonly answers: number;
  readonly cursor: Place | null;
  readonly curriculumVersion: number;
  /** The day whose night was applied last. */
  readonly night: string | null;
};

// Why the step's watermark: a learner first seen after a night is as they would be had they been there before it.
const selectProgress = statement(
  'progress.learner',
  `select coalesce(p.answers, 0)::int as answers, (extract(epoch from p.cursor_at) * 1000)::float8 as "cursorMs",
    p.cursor_id as "cursorId", coalesce(p.curriculum_version, 0) as "curriculumVersion",
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
    curriculum_version: 'int',
    night: 'date',
  },
  stamped: false,
});

const questionColumns = `question_id as "questionId", topic_id as "topicId", attempts, correct, first_attempt_id as "firstId",
    (extract(epoch from first_attempt_at) * 1000)::float8 as "firstAtMs", first_study_day::text as "firstStudyDay",
    first_correct as "firstCorrect", last_attempt_id as "lastId", (extract(epoch from last_attempt_at) * 1000)::float8 as "lastAtMs",
    last_study_day::text as "lastStudyDay", last_correct as "lastCorrect"`;

const selectQuestions = statement(
  'progress.questions',
  `select ${questionColumns}
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
    as_of: 'timestamptz',
  },
});

export async function getProgress(tx: Tx, userId: string): Promise<LearnerProgress> {
  type Row = Omit<LearnerProgress, 'cursor'> & { readonly cursorMs: number | null; readonly cursorId: string | null };
  const [row] = await tx.query<Row>(selectProgress, [userId]);
  if (row === undefined) throw new Error(`${selectProgress.name} returned no row`);
  const { cursorMs, cursorId, ...rest } = row;
  return { ...rest, cursor: cursorMs === null || cursorId === null ? null : { atMs: cursorMs, id: cursorId } };
}

export async function saveLearnerProgress(tx: Tx, userId: string, progress: LearnerProgress): Promise<void> {
  const { answers, cursor, curriculumVersion, night } = progress;
  const row = {
    user_id: userId,
    answers,
    cursor_at: cursor === null ? null : timeOf(cursor.atMs),
    cursor_id: cursor?.id ?? null,
    curriculum_version: curriculumVersion,
    night,
  };
  await tx.query(saveProgress, [JSON.stringify([row])]);
}

export async function listQuestionStates(
  tx: Tx,
  userId: string,
  questionIds: readonly string[],
): Promise<ReadonlyMap<string, QuestionState>> {
  const rows = await tx.query<QuestionState & { questionId: string }>(selectQuestions, [userId, questionIds]);
  return new Map(rows.map(({ questionId, ...state }) => [questionId, state]));
}

export type FirstAttempt = { readonly questionId: string; readonly firstId: string; readonly firstStudyDay: string };

/** The stored first attempt of every question of a learner. */
export function listFirstAttempts(tx: Tx, userId: string): Promise<readonly FirstAttempt[]> {
  return tx.query<FirstAttempt>(selectFirsts, [userId]);
}

export async function saveQuestionStates(
  tx: Tx,
  userId: string,
  states: ReadonlyMap<string, QuestionState>,
): Promise<void> {
  if (states.size === 0) return;
  const rows = [...states].map(([questionId, state]) => ({
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
    as_of: timeOf(state.lastAtMs),
  }));
  await tx.query(saveQuestionRows, [JSON.stringify(rows)]);
}

export function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
