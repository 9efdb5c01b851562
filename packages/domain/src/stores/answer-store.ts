import type { Answer, Place, ReviewAnswer } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

/** An answer with all that a fold takes: of mastery and of a review schedule. */
export type StoredAnswer = Answer & ReviewAnswer;

const columns = `id, (extract(epoch from attempted_at) * 1000)::float8 as "atMs", study_day::text as "studyDay",
    question_id as "questionId", topic_id as "topicId", is_correct as "isCorrect", time_to_answer_seconds as "timeToAnswerSeconds",
    confidence_level as "confidenceLevel", hint_used as "hintUsed", explanation_viewed as "explanationViewed"`;

// For each learner a search of their own: bounds that it brings along leave out the months before them.
const selectAfter = statement(
  'answer.after',
  `select l.user_id as "userId", a.*
  from unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) as l (user_id, after_at, after_id)
  cross join lateral (
    select ${columns}
    from question_attempts q
    where q.user_id = l.user_id and q.attempted_at >= l.after_at and (q.attempted_at, q.id) > (l.after_at, l.after_id)
  ) as a`,
);

const selectBefore = statement(
  'answer.before',
  `select ${columns}
  from question_attempts
  where user_id = $1 and attempted_at < $4
    and ($2::timestamptz is null or (attempted_at >= $2 and (attempted_at, id) > ($2, $3::uuid)))
  order by attempted_at, id`,
);

export type AnswersAfter = { readonly userId: string; readonly after: Place | null };
export type LearnerAnswer = StoredAnswer & { readonly userId: string };

const BEFORE_ALL = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

/** The answers of learners, of each after a place in canonical order, or all of them. In no order. */
export function listAnswers(tx: Tx, learners: readonly AnswersAfter[]): Promise<readonly LearnerAnswer[]> {
  return tx.query<LearnerAnswer>(selectAfter, [
    learners.map(({ userId }) => userId),
    learners.map(({ after }) => (after === null ? BEFORE_ALL.at : new Date(after.atMs))),
    learners.map(({ after }) => after?.id ?? BEFORE_ALL.id),
  ]);
}

/** A learner's answers before an instant, from the first or after a place in canonical order. */
export function listAnswersBefore(
  tx: Tx,
  userId: string,
  { after, beforeMs }: { readonly after: Place | null; readonly beforeMs: number },
): Promise<readonly StoredAnswer[]> {
  return tx.query<StoredAnswer>(selectBefore, [
    userId,
    after === null ? null : new Date(after.atMs),
    after?.id ?? null,
    new Date(beforeMs),
  ]);
}
