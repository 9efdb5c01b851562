import { plainArray, statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type LockRequest = {
  readonly userId: string;
  readonly createdAt: Date;
  readonly subject: Buffer;
  /** Whether it is an answer that may be new; of those with one id, only the first. */
  readonly isAnswer: boolean;
};
export type LockedLearner = {
  readonly userId: string;
  readonly timezone: string;
  readonly rolloverHour: number;
  readonly now: Date;
  /** No answer is older; null where there is none. */
  readonly firstAnswerAt: Date | null;
};

// The window of acceptance is decided here, in the statement that makes a learner, so that an item outside it makes none.
// $4 is the fixed clock of tests, or null for the database's own. Answers are counted here as if all were new: one version of the
// row for a batch, and the few that turn out to be repetitions are taken back in the same transaction. Once all are locked the
// tombstones are looked at again: who was erased while this waited is refused by a repetition of the transaction.
const lockForEvents = statement(
  'learner.lock_for_events',
  `with wanted as (
    select w.user_id, w.created_at, w.subject, w.is_answer
    from unnest($1::uuid[], $2::timestamptz[], $3::bytea[], $5::boolean[]) as w (user_id, created_at, subject, is_answer)
  ), locked as (
    insert into learners (user_id, answers, first_answer_at)
    select w.user_id, count(*) filter (where w.is_answer), min(w.created_at) filter (where w.is_answer)
    from wanted w
    where w.created_at <= coalesce($4::timestamptz, now()) + interval '5 minutes'
      and w.created_at >= (date_trunc('month', coalesce($4::timestamptz, now()) at time zone 'UTC') - interval '23 months') at time zone 'UTC'
      and not exists (select from erased_learners e where e.subject = w.subject)
    group by w.user_id
    order by w.user_id
    on conflict (user_id) do update set
      watermark = learners.watermark + 1,
      last_seen_at = now(),
      answers = learners.answers + excluded.answers,
      first_answer_at = least(learners.first_answer_at, excluded.first_answer_at)
    returning user_id, timezone, rollover_hour, first_answer_at
  )
  select user_id as "userId", timezone, rollover_hour as "rolloverHour", coalesce($4::timestamptz, now()) as now,
    first_answer_at as "firstAnswerAt"
  from locked
  where (select require_not_erased(array(select distinct w.subject from wanted w join locked l on l.user_id = w.user_id)))`,
);

const lockOne = statement(
  'learner.lock',
  `insert into learners (user_id)
  values ($1)
  on conflict (user_id) do update set watermark = learners.watermark + 1`,
);

const lockKnown = statement(
  'learner.lock_known',
  `update learners
  set watermark = watermark + 1
  where user_id = $1
  returning daily_goal_minutes as "dailyGoalMinutes", answers::int as answers,
    (select c.boundary::text from learner_checkpoints c where c.user_id = learners.user_id) as boundary`,
);

const takeBackAnswers = statement(
  'learner.take_back_answers',
  `update learners l
  set answers = l.answers - n.answers
  from unnest($1::uuid[], $2::int[]) as n (user_id, answers)
  where l.user_id = n.user_id`,
);

const erasedSubjects = statement(
  'learner.erased_subjects',
  `select subject, coalesce($2::timestamptz, now()) as now
  from (select unnest($1::bytea[]) as subject) s
  where exists (select from erased_learners e where e.subject = s.subject)
  union all
  select null, coalesce($2::timestamptz, now())`,
);

/**
 * Locks the learners who have at least one item inside the window, makes those who are new, bumps their watermark and counts their
 * answers inside the window as if all were new (`takeBackAnswers` corrects it); an erased learner, or one whose items all lie
 * outside, is neither locked nor made. The lock lasts to the end of the transaction.
 */
export async function lockLearners(
  tx: Tx,
  requests: readonly LockRequest[],
  fixedAt: Date | null,
): Promise<ReadonlyMap<string, LockedLearner>> {
  const rows = await tx.query<LockedLearner>(lockForEvents, [
    plainArray(requests.map((r) => r.userId)),
    plainArray(requests.map((r) => r.createdAt)),
    requests.map((r) => r.subject),
    fixedAt,
    plainArray(requests.map((r) => r.isAnswer)),
  ]);
  return new Map(rows.map((row) => [row.userId, row]));
}

/** Why a learner was not locked: the subjects among these that are erased, and the time that decides the window. */
export async function findErasedSubjects(
  reader: Reader,
  subjects: readonly Buffer[],
  fixedAt: Date | null,
): Promise<{ readonly erased: ReadonlySet<string>; readonly now: Date }> {
  const rows = await reader.query<{ subject: Buffer | null; now: Date }>(erasedSubjects, [subjects, fixedAt]);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('learner.erased_subjects returned no row');
  return { erased: new Set(rows.flatMap((row) => (row.subject === null ? [] : [row.subject.toString('hex')]))), now };
}

/** Locks one learner and bumps their watermark; makes the row where there is none. */
export async function lockLearner(tx: Tx, userId: string): Promise<void> {
  await tx.query(lockOne, [userId]);
}

export type KnownLearner = {
  readonly dailyGoalMinutes: number;
  readonly answers: number;
  /** Of the learner's checkpoint: facts before this day may be gone. Null where there is none. */
  readonly boundary: string | null;
};

/** Locks one learner and bumps their watermark; `null`, and no row made, where there is none (an erased learner's job). */
export async function lockKnownLearner(tx: Tx, userId: string): Promise<KnownLearner | null> {
  const [row] = await tx.query<KnownLearner>(lockKnown, [userId]);
  return row ?? null;
}

/** Takes answers back that `lockLearners` has counted and that were not new. Sent, not waited for. */
export function takeBackLearnerAnswers(tx: Tx, counts: ReadonlyMap<string, number>): void {
  if (counts.size === 0) return;
  tx.send(takeBackAnswers, [[...counts.keys()], [...counts.values()]]);
}
