import { plainArray, statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type AttemptRow = {
  readonly userId: string;
  readonly id: string;
  readonly attemptedAt: Date;
  readonly sessionId: string;
  readonly questionId: string;
  readonly topicId: string;
  readonly receivedAt: Date;
  readonly studyDay: string;
  readonly selectedAnswer: string;
  readonly correctAnswer: string | null;
  readonly isCorrect: boolean;
  readonly gradedBy: 'key' | 'client';
  readonly questionVersion: number | null;
  readonly timeToAnswerSeconds: number;
  readonly confidenceLevel: number | null;
  readonly hintUsed: boolean;
  readonly explanationViewed: boolean;
};

const insertAll = statement(
  'attempt.insert',
  `insert into question_attempts (user_id, id, attempted_at, session_id, question_id, topic_id, received_at, study_day, selected_answer,
    correct_answer, is_correct, graded_by, question_version, time_to_answer_seconds, confidence_level, hint_used, explanation_viewed)
  select *
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::uuid[], $7::timestamptz[], $8::date[], $9::text[],
    $10::text[], $11::boolean[], $12::text[], $13::int[], $14::float8[], $15::smallint[], $16::boolean[], $17::boolean[])`,
);

// One search for count and verdict, by the index (user, question, time), in the months since the learner's first answer: $7 keeps
// the others closed, and k.since those that another key has opened. Why "or infinity", which no answer has: months are kept closed
// by it all the same, but the planner does not see a range in time, for which it would take the index (user, time) and read all
// answers of a busy learner. The key's own row says that it is stored; the tie on time is broken by id, as the canonical order does.
// Of the answers that the learner's checkpoint counts, those that are gone are added; few learners have one, and the others are not
// searched a second time.
const selectNumbers = statement(
  'attempt.numbers',
  `select k.position, n.number + coalesce(gone.answers, 0) as "attemptNumber", n.is_correct as "isCorrect"
  from unnest($1::int[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::timestamptz[])
    as k (position, user_id, question_id, attempted_at, id, since)
  cross join lateral (
    select count(*) filter (where (a.attempted_at, a.id) <= (k.attempted_at, k.id))::int as number,
      bool_or(a.is_correct) filter (where a.id = k.id) as is_correct
    from question_attempts a
    where a.user_id = k.user_id and a.question_id = k.question_id
      and (a.attempted_at >= $7::timestamptz or a.attempted_at = 'infinity')
      and (a.attempted_at >= k.since or a.attempted_at = 'infinity')
  ) n
  left join lateral (
    select greatest(0, p.checkpoint_attempts - (select count(*)::int from question_attempts a
      where a.user_id = p.user_id and a.question_id = p.question_id
        and (a.attempted_at >= $7::timestamptz or a.attempted_at = 'infinity')
        and a.attempted_at < c.boundary::timestamp at time zone 'UTC')) as answers
    from learner_checkpoints c
    join question_progress p on p.user_id = c.user_id
    where c.user_id = k.user_id and p.question_id = k.question_id and p.checkpoint_attempts > 0
  ) gone on true
  where n.is_correct is not null`,
);

/** Inserts the attempts of events that were just inserted; sent, not waited for. */
export function insertAttempts(tx: Tx, rows: readonly AttemptRow[]): void {
  if (rows.length === 0) return;
  const column = <K extends keyof AttemptRow>(key: K): AttemptRow[K][] => rows.map((row) => row[key]);
  tx.send(insertAll, [
    plainArray(column('userId')),
    plainArray(column('id')),
    plainArray(column('attemptedAt')),
    plainArray(column('sessionId')),
    plainArray(column('questionId')),
    plainArray(column('topicId')),
    plainArray(column('receivedAt')),
    plainArray(column('studyDay')),
    column('selectedAnswer'),
    column('correctAnswer'),
    plainArray(column('isCorrect')),
    plainArray(column('gradedBy')),
    plainArray(column('questionVersion')),
    plainArray(column('timeToAnswerSeconds')),
    plainArray(column('confidenceLevel')),
    plainArray(column('hintUsed')),
    plainArray(column('explanationViewed')),
  ]);
}

export type AttemptNumber = { readonly attemptNumber: number; readonly isCorrect: boolean };

export type AttemptKey = {
  readonly position: number;
  readonly userId: string;
  readonly questionId: string;
  readonly id: string;
  readonly attemptedAt: Date;
  /** The learner has no older answer. */
  readonly since: Date;
};

/** By position, the number of each answer among its learner's answers to its question; what is not stored has none. */
export async function findAttemptNumbers(
  reader: Reader,
  keys: readonly AttemptKey[],
): Promise<ReadonlyMap<number, AttemptNumber>> {
  if (keys.length === 0) return new Map();
  const rows = await reader.query<AttemptNumber & { position: number }>(selectNumbers, [
    plainArray(keys.map(({ position }) => position)),
    plainArray(keys.map(({ userId }) => userId)),
    plainArray(keys.map(({ questionId }) => questionId)),
    plainArray(keys.map(({ attemptedAt }) => attemptedAt)),
    plainArray(keys.map(({ id }) => id)),
    plainArray(keys.map(({ since }) => since)),
    new Date(Math.min(...keys.map(({ since }) => since.getTime()))),
  ]);
  return new Map(rows.map(({ position, ...number }) => [position, number]));
}
