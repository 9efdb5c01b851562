import { statement } from '../database/index.ts';
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

// Counts by the index (user, question, time); the tie on time is broken by id, as the canonical order does. Of the answers that
// the learner's checkpoint counts, those that are gone are added.
const selectNumber = statement(
  'attempt.number',
  `select this.is_correct as "isCorrect",
    (select count(*)::int from question_attempts a
      where a.user_id = this.user_id and a.question_id = this.question_id
        and (a.attempted_at, a.id) <= (this.attempted_at, this.id))
      + case when p.checkpoint_attempts > 0 then greatest(0, p.checkpoint_attempts - (select count(*)::int from question_attempts a
        where a.user_id = this.user_id and a.question_id = this.question_id
          and a.attempted_at < c.boundary::timestamp at time zone 'UTC')) else 0 end as "attemptNumber"
  from question_attempts this
  left join question_progress p on p.user_id = this.user_id and p.question_id = this.question_id
  left join learner_checkpoints c on c.user_id = this.user_id
  where this.user_id = $1 and this.attempted_at = $2 and this.id = $3`,
);

/** Inserts the attempts of events that were just inserted. */
export async function insertAttempts(tx: Tx, rows: readonly AttemptRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <K extends keyof AttemptRow>(key: K): AttemptRow[K][] => rows.map((row) => row[key]);
  await tx.query(insertAll, [
    column('userId'),
    column('id'),
    column('attemptedAt'),
    column('sessionId'),
    column('questionId'),
    column('topicId'),
    column('receivedAt'),
    column('studyDay'),
    column('selectedAnswer'),
    column('correctAnswer'),
    column('isCorrect'),
    column('gradedBy'),
    column('questionVersion'),
    column('timeToAnswerSeconds'),
    column('confidenceLevel'),
    column('hintUsed'),
    column('explanationViewed'),
  ]);
}

export type AttemptNumber = { readonly attemptNumber: number; readonly isCorrect: boolean };

export async function findAttemptNumberOf(
  reader: Reader,
  attempt: { readonly userId: string; readonly id: string; readonly attemptedAt: Date },
): Promise<AttemptNumber | null> {
  const [row] = await reader.query<AttemptNumber>(selectNumber, [attempt.userId, attempt.attemptedAt, attempt.id]);
  return row ?? null;
}
