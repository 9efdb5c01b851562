// Whole histories of learners who are new, streamed into the tables that `record-events` grows one batch at a time.
import { statement } from '../database/index.ts';
import type { CopyRow, CopyValue, Tx } from '../database/index.ts';
import type { AttemptRow } from './attempt-store.ts';
import type { DirtyDay } from './dirty-day-store.ts';
import type { EventRow } from './event-store.ts';
import type { InteractionDelta } from './interaction-store.ts';
import type { LockedLearner } from './learner-store.ts';
import type { SessionDelta } from './session-store.ts';

const insertNew = statement(
  'history.insert_learners',
  `with wanted as (
    select n.user_id, n.answers, n.subject, n.first_answer_at
    from unnest($1::uuid[], $2::int[], $3::bytea[], $5::timestamptz[]) as n (user_id, answers, subject, first_answer_at)
  ), made as (
    insert into learners (user_id, answers, first_answer_at)
    select n.user_id, n.answers, n.first_answer_at
    from wanted n
    where not exists (select from erased_learners e where e.subject = n.subject)
    order by n.user_id
    on conflict (user_id) do nothing
    returning user_id, timezone, rollover_hour, first_answer_at
  )
  select user_id as "userId", timezone, rollover_hour as "rolloverHour", coalesce($4::timestamptz, now()) as now,
    first_answer_at as "firstAnswerAt"
  from made
  where (select require_not_erased(array(select w.subject from wanted w join made m on m.user_id = w.user_id)))`,
);

type DatedEvent = { readonly row: EventRow; readonly at: Date };

const events = copyTable<DatedEvent>('history.copy_events', 'study_events', {
  user_id: ({ row }) => row.userId,
  created_at: ({ at }) => at.toISOString(),
  id: ({ row }) => row.id,
  received_at: ({ row }) => row.receivedAt.toISOString(),
  study_day: ({ row }) => row.studyDay,
  timezone: ({ row }) => row.timezone,
  session_id: ({ row }) => row.sessionId,
  event_type: ({ row }) => row.eventType,
  material_id: ({ row }) => row.materialId,
  chunk_id: ({ row }) => row.chunkId,
  question_id: ({ row }) => row.questionId,
  topic_id: ({ row }) => row.topicId,
  properties: ({ row }) => JSON.stringify(row.properties),
  client_ip: ({ row }) => row.clientIp,
  device_type: ({ row }) => row.deviceType,
});

const attempts = copyTable<AttemptRow>('history.copy_attempts', 'question_attempts', {
  user_id: (row) => row.userId,
  attempted_at: (row) => row.attemptedAt.toISOString(),
  id: (row) => row.id,
  session_id: (row) => row.sessionId,
  question_id: (row) => row.questionId,
  topic_id: (row) => row.topicId,
  received_at: (row) => row.receivedAt.toISOString(),
  study_day: (row) => row.studyDay,
  selected_answer: (row) => row.selectedAnswer,
  correct_answer: (row) => row.correctAnswer,
  is_correct: (row) => row.isCorrect,
  graded_by: (row) => row.gradedBy,
  question_version: (row) => row.questionVersion,
  time_to_answer_seconds: (row) => row.timeToAnswerSeconds,
  confidence_level: (row) => row.confidenceLevel,
  hint_used: (row) => row.hintUsed,
  explanation_viewed: (row) => row.explanationViewed,
});

const sessions = copyTable<SessionDelta>('history.copy_sessions', 'study_sessions', {
  user_id: (row) => row.userId,
  id: (row) => row.id,
  started_at: (row) => row.startedAt.toISOString(),
  last_event_at: (row) => row.lastEventAt.toISOString(),
  pause_count: (row) => row.pauseCount,
  materials_viewed: (row) => row.materialsViewed,
  materials_completed: (row) => row.materialsCompleted,
  chunks_read: (row) => row.chunksRead,
  questions_attempted: (row) => row.questionsAttempted,
  questions_correct: (row) => row.questionsCorrect,
  ai_interactions: (row) => row.aiInteractions,
  xp_earned: (row) => row.xpEarned,
  achievements_unlocked: (row) => row.achievementsUnlocked,
});

const interactions = copyTable<InteractionDelta>('history.copy_interactions', 'material_interactions', {
  user_id: (row) => row.userId,
  session_id: (row) => row.sessionId,
  material_id: (row) => row.materialId,
  chunk_id: (row) => row.chunkId,
  topic_id: (row) => row.topicId,
  started_at: (row) => row.startedAt.toISOString(),
  ended_at: (row) => row.endedAt.toISOString(),
  duration_seconds: (row) => row.durationSeconds,
  scroll_depth_percent: (row) => row.scrollDepthPercent,
  is_complete: (row) => row.completedAt !== null,
  completed_at: (row) => row.completedAt?.toISOString() ?? null,
  open_count: (row) => row.openCount,
  highlights_count: (row) => row.highlightsCount,
  notes_count: (row) => row.notesCount,
  bookmarked: (row) => row.bookmarked,
});

const days = copyTable<DirtyDay>('history.copy_dirty_days', 'dirty_days', {
  user_id: (row) => row.userId,
  study_day: (row) => row.studyDay,
  completed: (row) => row.completed,
});

export type NewLearner = {
  readonly userId: string;
  readonly answers: number;
  readonly firstAnswerAt: Date | null;
  readonly subject: Buffer;
};

/** Makes the learners who are neither there nor erased, with their count of answers, and locks them; answers those made. */
export async function insertNewLearners(
  tx: Tx,
  learners: readonly NewLearner[],
  fixedAt: Date | null,
): Promise<ReadonlyMap<string, LockedLearner>> {
  const rows = await tx.query<LockedLearner>(insertNew, [
    learners.map(({ userId }) => userId),
    learners.map(({ answers }) => answers),
    learners.map(({ subject }) => subject),
    fixedAt,
    learners.map(({ firstAnswerAt }) => firstAnswerAt),
  ]);
  return new Map(rows.map((row) => [row.userId, row]));
}

export type History = {
  readonly events: readonly DatedEvent[];
  readonly attempts: readonly AttemptRow[];
  readonly sessions: readonly SessionDelta[];
  readonly interactions: readonly InteractionDelta[];
  readonly days: readonly DirtyDay[];
};

/** Adds histories whose learners were just made: nothing of theirs can be there. */
export async function insertHistory(tx: Tx, history: History): Promise<void> {
  await tx.copyIn(events.statement, events.linesOf(history.events));
  await tx.copyIn(attempts.statement, attempts.linesOf(history.attempts));
  await tx.copyIn(sessions.statement, sessions.linesOf(history.sessions));
  await tx.copyIn(interactions.statement, interactions.linesOf(history.interactions));
  await tx.copyIn(days.statement, days.linesOf(history.days));
}

/** A table, and for each column that is written how its value is read off a row. */
function copyTable<T>(name: string, table: string, columns: Readonly<Record<string, (row: T) => CopyValue>>) {
  const readers = Object.values(columns);
  return {
    statement: statement(name, `copy ${table} (${Object.keys(columns).join(', ')}) from stdin`),
    *linesOf(rows: readonly T[]): Generator<CopyRow, void> {
      for (const row of rows) yield readers.map((read) => read(row));
    },
  };
}
