import { statement } from '../database/index.ts';
import type { InstantText, Reader } from '../database/index.ts';

export type QuestionAttemptRow = {
  readonly id: string;
  readonly attemptNumber: number;
  readonly attemptedAt: InstantText;
  readonly studyDay: string;
  readonly sessionId: string;
  readonly topicId: string;
  readonly selectedAnswer: string;
  readonly correctAnswer: string | null;
  readonly isCorrect: boolean;
  readonly timeToAnswerSeconds: number;
  readonly confidenceLevel: number | null;
  readonly hintUsed: boolean;
  readonly explanationViewed: boolean;
  readonly daysSinceLastAttempt: number | null;
};

export type QuestionProgressRow = {
  readonly attempts: number;
  readonly correct: number;
  readonly dueDay: string | null;
  readonly intervalDays: number | null;
  readonly asOf: InstantText;
};

export type FirstAttemptsRow = {
  readonly studyDay: string;
  readonly questions: number;
  readonly correct: number;
  readonly asOf: InstantText;
};

type QuestionKey = { readonly userId: string; readonly questionId: string };

// The view numbers all attempts at the question before a page is cut out of them. Its greatest(0, …) skips the null that
// a first attempt has for the day before.
const selectAttempts = statement(
  'dashboard.question_attempts',
  `select
    id,
    attempt_number::int as "attemptNumber",
    attempted_at::text as "attemptedAt",
    study_day::text as "studyDay",
    session_id as "sessionId",
    topic_id as "topicId",
    selected_answer as "selectedAnswer",
    correct_answer as "correctAnswer",
    is_correct as "isCorrect",
    time_to_answer_seconds as "timeToAnswerSeconds",
    confidence_level as "confidenceLevel",
    hint_used as "hintUsed",
    explanation_viewed as "explanationViewed",
    case when attempt_number > 1 then days_since_last_attempt end as "daysSinceLastAttempt"
  from question_attempts_numbered
  where user_id = $1
    and question_id = $2
    and ($3::timestamptz is null or (attempted_at, id) < ($3, $4::uuid))
  order by attempted_at desc, id desc
  limit $5`,
);

const selectProgress = statement(
  'dashboard.question_progress',
  `select
    attempts,
    correct,
    due_day::text as "dueDay",
    interval_days as "intervalDays",
    as_of::text as "asOf"
  from question_progress
  where user_id = $1
    and question_id = $2`,
);

const selectFirstAttempts = statement(
  'dashboard.first_attempts',
  `select
    first_study_day::text as "studyDay",
    count(*)::int as questions,
    (count(*) filter (where first_correct))::int as correct,
    max(as_of)::text as "asOf"
  from question_progress
  where user_id = $1
    and first_study_day >= $2::date
    and ($3::uuid is null or topic_id = $3)
  group by first_study_day
  order by first_study_day`,
);

const countDue = statement(
  'dashboard.due_count',
  `select count(*)::int as count, (count(*) filter (where due_day < $2::date))::int as overdue
  from question_progress
  where user_id = $1
    and due_day <= $2::date`,
);

export type AttemptPage = QuestionKey & {
  readonly before: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
};

/** One page of a learner's attempts at a question, newest first. */
export function findQuestionAttempts(
  reader: Reader,
  { userId, questionId, before, limit }: AttemptPage,
): Promise<readonly QuestionAttemptRow[]> {
  const values = [userId, questionId, before?.at ?? null, before?.id ?? null, limit];
  return reader.query<QuestionAttemptRow>(selectAttempts, values);
}

export async function findQuestionProgress(
  reader: Reader,
  { userId, questionId }: QuestionKey,
): Promise<QuestionProgressRow | null> {
  const [row] = await reader.query<QuestionProgressRow>(selectProgress, [userId, questionId]);
  return row ?? null;
}

/** How many questions a learner first tried on each study day from `fromDay` on, oldest first. */
export function findFirstAttemptDays(
  reader: Reader,
  query: { readonly userId: string; readonly fromDay: string; readonly topicId: string | null },
): Promise<readonly FirstAttemptsRow[]> {
  return reader.query<FirstAttemptsRow>(selectFirstAttempts, [query.userId, query.fromDay, query.topicId]);
}

export type DueCount = { readonly count: number; readonly overdue: number };

/** How many questions are due for review on `studyDay` or were before, and how many of these were before. */
export async function countDueQuestions(
  reader: Reader,
  { userId, studyDay }: { readonly userId: string; readonly studyDay: string },
): Promise<DueCount> {
  const [row] = await reader.query<DueCount>(countDue, [userId, studyDay]);
  if (row === undefined) throw new Error('dashboard.due_count returned no row');
  return row;
}
