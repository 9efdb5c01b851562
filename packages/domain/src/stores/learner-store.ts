import { plainArray, statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';
import type { LearnerProgress } from './progress-store.ts';

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

// Sorted, as every writer locks.
const lockKnown = statement(
  'learner.lock_known',
  `with known as (
    select user_id
    from learners
    where user_id = any($1::uuid[])
    order by user_id
    for update
  )
  update learners l
  set watermark = l.watermark + 1
  from known k
  where l.user_id = k.user_id`,
);

// A statement of its own, begun once the locks are held: what it reads is not older than they are. Why the step's watermark: a
// learner first seen after a night is as they would be had they been there before it.
const selectKnown = statement(
  'learner.known',
  `select l.user_id as "userId", l.daily_goal_minutes as "dailyGoalMinutes", l.answers::int as answers, c.boundary::text as boundary,
    coalesce(p.answers, 0)::int as "answersFolded", (extract(epoch from p.cursor_at) * 1000)::float8 as "cursorMs",
    p.cursor_id as "cursorId", coalesce(p.curriculum_version, 0) as "curriculumVersion", p.scheduler,
    coalesce(p.theta, 0) as theta, coalesce(p.model_version, 0) as "modelVersion",
    (case when p.user_id is null then b.watermark else p.night end)::text as night
  from learners l
  left join learner_progress p on p.user_id = l.user_id
  left join learner_checkpoints c on c.user_id = l.user_id
  left join batch_runs b on b.step = 'mastery'
  where l.user_id = any($1::uuid[])
  order by l.user_id`,
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
  readonly userId: string;
  readonly dailyGoalMinutes: number;
  /** Accepted answers ever. */
  readonly answers: number;
  /** Of the learner's checkpoint: facts before this day may be gone. Null where there is none. */
  readonly boundary: string | null;
  readonly progress: LearnerProgress;
};

/**
 * Locks learners, bumps their watermarks, and answers those that there are, in order of their id; no row is made where there is
 * none (an erased learner's job).
 */
export async function lockKnownLearners(tx: Tx, userIds: readonly string[]): Promise<readonly KnownLearner[]> {
  type Row = Omit<KnownLearner, 'progress'> &
    Omit<LearnerProgress, 'answers' | 'cursor'> & {
      readonly answersFolded: number;
      readonly cursorMs: number | null;
      readonly cursorId: string | null;
    };
  tx.send(lockKnown, [userIds]);
  const rows = await tx.query<Row>(selectKnown, [userIds]);
  return rows.map(({ userId, dailyGoalMinutes, answers, boundary, answersFolded, cursorMs, cursorId, ...progress }) => {
    const cursor = cursorMs === null || cursorId === null ? null : { atMs: cursorMs, id: cursorId };
    return { userId, dailyGoalMinutes, answers, boundary, progress: { ...progress, answers: answersFolded, cursor } };
  });
}

/** Takes answers back that `lockLearners` has counted and that were not new. Sent, not waited for. */
export function takeBackLearnerAnswers(tx: Tx, counts: ReadonlyMap<string, number>): void {
  if (counts.size === 0) return;
  tx.send(takeBackAnswers, [[...counts.keys()], [...counts.values()]]);
}
