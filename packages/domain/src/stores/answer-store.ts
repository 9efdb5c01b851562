import type { Answer, Place, ReviewAnswer } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

/** An answer with all that a fold takes: of mastery and of a review schedule. */
export type StoredAnswer = Answer & ReviewAnswer;

const columns = `id, (extract(epoch from attempted_at) * 1000)::float8 as "atMs", study_day::text as "studyDay",
    question_id as "questionId", topic_id as "topicId", is_correct as "isCorrect", time_to_answer_seconds as "timeToAnswerSeconds",
    confidence_level as "confidenceLevel", hint_used as "hintUsed", explanation_viewed as "explanationViewed"`;

const selectAll = statement(
  'answer.all',
  `select ${columns}
  from question_attempts
  where user_id = $1
  order by attempted_at, id`,
);

const selectAfter = statement(
  'answer.after',
  `select ${columns}
  from question_attempts
  where user_id = $1 and attempted_at >= $2 and (attempted_at, id) > ($2, $3::uuid)
  order by attempted_at, id`,
);

const selectBefore = statement(
  'answer.before',
  `select ${columns}
  from question_attempts
  where user_id = $1 and attempted_at < $4
    and ($2::timestamptz is null or (attempted_at >= $2 and (attempted_at, id) > ($2, $3::uuid)))
  order by attempted_at, id`,
);

/** A learner's answers after a place in canonical order, or all of them. */
export function listAnswers(tx: Tx, userId: string, after: Place | null): Promise<readonly StoredAnswer[]> {
  return after === null
    ? tx.query<StoredAnswer>(selectAll, [userId])
    : tx.query<StoredAnswer>(selectAfter, [userId, new Date(after.atMs), after.id]);
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
