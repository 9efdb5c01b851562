import { plainArray, statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

/** What a batch adds to one session: sums, and the widest times. */
export type SessionDelta = {
  readonly userId: string;
  readonly id: string;
  readonly startedAt: Date;
  readonly lastEventAt: Date;
  readonly pauseCount: number;
  readonly materialsViewed: number;
  readonly materialsCompleted: number;
  readonly chunksRead: number;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly aiInteractions: number;
  readonly xpEarned: number;
  readonly achievementsUnlocked: number;
};

const add = statement(
  'session.add',
  `insert into study_sessions (user_id, id, started_at, last_event_at, pause_count, materials_viewed, materials_completed, chunks_read,
    questions_attempted, questions_correct, ai_interactions, xp_earned, achievements_unlocked)
  select *
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[],
    $10::int[], $11::int[], $12::bigint[], $13::int[])
  on conflict (user_id, id) do update set
    started_at = least(study_sessions.started_at, excluded.started_at),
    last_event_at = greatest(study_sessions.last_event_at, excluded.last_event_at),
    pause_count = study_sessions.pause_count + excluded.pause_count,
    materials_viewed = study_sessions.materials_viewed + excluded.materials_viewed,
    materials_completed = study_sessions.materials_completed + excluded.materials_completed,
    chunks_read = study_sessions.chunks_read + excluded.chunks_read,
    questions_attempted = study_sessions.questions_attempted + excluded.questions_attempted,
    questions_correct = study_sessions.questions_correct + excluded.questions_correct,
    ai_interactions = study_sessions.ai_interactions + excluded.ai_interactions,
    xp_earned = study_sessions.xp_earned + excluded.xp_earned,
    achievements_unlocked = study_sessions.achievements_unlocked + excluded.achievements_unlocked`,
);

const existing = statement(
  'session.existing',
  `select s.id
  from unnest($1::uuid[], $2::uuid[]) as k (user_id, id)
  join study_sessions s on s.user_id = k.user_id and s.id = k.id`,
);

/** Adds deltas, sorted by learner and session; opens the sessions that are new. Sent, not waited for. */
export function addToSessions(tx: Tx, deltas: readonly SessionDelta[]): void {
  if (deltas.length === 0) return;
  const column = (key: keyof SessionDelta): string => plainArray(deltas.map((delta) => delta[key]));
  tx.send(add, [
    column('userId'),
    column('id'),
    column('startedAt'),
    column('lastEventAt'),
    column('pauseCount'),
    column('materialsViewed'),
    column('materialsCompleted'),
    column('chunksRead'),
    column('questionsAttempted'),
    column('questionsCorrect'),
    column('aiInteractions'),
    column('xpEarned'),
    column('achievementsUnlocked'),
  ]);
}

/** Those of the given stored session ids that exist. */
export async function findSessionIds(
  tx: Tx,
  keys: readonly { readonly userId: string; readonly id: string }[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(existing, [keys.map((key) => key.userId), keys.map((key) => key.id)]);
  return new Set(rows.map((row) => row.id));
}
