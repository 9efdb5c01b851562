// Whole histories of learners who are new, streamed into the tables that `record-events` grows one batch at a time.
import { statement } from '../database/index.ts';
import type { CopyRow, Statement, Tx } from '../database/index.ts';
import type { AttemptRow } from './attempt-store.ts';
import type { DirtyDay } from './dirty-day-store.ts';
import type { EventRow } from './event-store.ts';
import type { InteractionDelta } from './interaction-store.ts';
import type { LockedLearner } from './learner-store.ts';
import type { SessionDelta } from './session-store.ts';

const insertNew = statement(
  'history.insert_learners',
  `insert into learners (user_id, answers)
  select n.user_id, n.answers
  from unnest($1::uuid[], $2::int[], $3::bytea[]) as n (user_id, answers, subject)
  where not exists (select from erased_learners e where e.subject = n.subject)
  order by n.user_id
  on conflict (user_id) do nothing
  returning user_id as "userId", timezone, rollover_hour as "rolloverHour", coalesce($4::timestamptz, now()) as now`,
);

const copyEvents = copyStatement('history.copy_events', 'study_events', [
  ...['user_id', 'created_at', 'id', 'received_at', 'study_day', 'timezone', 'session_id', 'event_type'],
  ...['material_id', 'chunk_id', 'question_id', 'topic_id', 'properties', 'client_ip', 'device_type'],
]);
const copyAttempts = copyStatement('history.copy_attempts', 'question_attempts', [
  ...['user_id', 'attempted_at', 'id', 'session_id', 'question_id', 'topic_id', 'received_at', 'study_day'],
  ...['selected_answer', 'correct_answer', 'is_correct', 'graded_by', 'question_version', 'time_to_answer_seconds'],
  ...['confidence_level', 'hint_used', 'explanation_viewed'],
]);
const copySessions = copyStatement('history.copy_sessions', 'study_sessions', [
  ...['user_id', 'id', 'started_at', 'last_event_at', 'pause_count', 'materials_viewed', 'materials_completed'],
  ...['chunks_read', 'questions_attempted', 'questions_correct', 'ai_interactions', 'xp_earned'],
  ...['achievements_unlocked'],
]);
const copyInteractions = copyStatement('history.copy_interactions', 'material_interactions', [
  ...['user_id', 'session_id', 'material_id', 'chunk_id', 'topic_id', 'started_at', 'ended_at', 'duration_seconds'],
  ...['scroll_depth_percent', 'is_complete', 'completed_at', 'open_count', 'highlights_count', 'notes_count'],
  ...['bookmarked'],
]);
const copyDays = copyStatement('history.copy_dirty_days', 'dirty_days', ['user_id', 'study_day', 'completed']);

export type NewLearner = { readonly userId: string; readonly answers: number; readonly subject: Buffer };

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
  ]);
  return new Map(rows.map((row) => [row.userId, row]));
}

export type History = {
  readonly events: readonly { readonly row: EventRow; readonly at: Date }[];
  readonly attempts: readonly AttemptRow[];
  readonly sessions: readonly SessionDelta[];
  readonly interactions: readonly InteractionDelta[];
  readonly days: readonly DirtyDay[];
};

/** Adds histories whose learners were just made: nothing of theirs can be there. */
export async function insertHistory(tx: Tx, history: History): Promise<void> {
  await tx.copyIn(copyEvents, mapped(history.events, eventLine));
  await tx.copyIn(copyAttempts, mapped(history.attempts, attemptLine));
  await tx.copyIn(copySessions, mapped(history.sessions, sessionLine));
  await tx.copyIn(copyInteractions, mapped(history.interactions, interactionLine));
  await tx.copyIn(
    copyDays,
    mapped(history.days, (day) => [day.userId, day.studyDay, day.completed]),
  );
}

function copyStatement(name: string, table: string, columns: readonly string[]): Statement {
  return statement(name, `copy ${table} (${columns.join(', ')}) from stdin`);
}

function* mapped<T>(items: readonly T[], lineOf: (item: T) => CopyRow): Generator<CopyRow, void> {
  for (const item of items) yield lineOf(item);
}

// Each in the order of its statement's columns.

function eventLine({ row, at }: History['events'][number]): CopyRow {
  return [
    ...[row.userId, at.toISOString(), row.id, row.receivedAt.toISOString(), row.studyDay, row.timezone, row.sessionId],
    ...[row.eventType, row.materialId, row.chunkId, row.questionId, row.topicId, JSON.stringify(row.properties)],
    ...[row.clientIp, row.deviceType],
  ];
}

function attemptLine(row: AttemptRow): CopyRow {
  return [
    ...[row.userId, row.attemptedAt.toISOString(), row.id, row.sessionId, row.questionId, row.topicId],
    ...[row.receivedAt.toISOString(), row.studyDay, row.selectedAnswer, row.correctAnswer, row.isCorrect, row.gradedBy],
    ...[row.questionVersion, row.timeToAnswerSeconds, row.confidenceLevel, row.hintUsed, row.explanationViewed],
  ];
}

function sessionLine(row: SessionDelta): CopyRow {
  return [
    ...[row.userId, row.id, row.startedAt.toISOString(), row.lastEventAt.toISOString(), row.pauseCount],
    ...[row.materialsViewed, row.materialsCompleted, row.chunksRead, row.questionsAttempted, row.questionsCorrect],
    ...[row.aiInteractions, row.xpEarned, row.achievementsUnlocked],
  ];
}

function interactionLine(row: InteractionDelta): CopyRow {
  return [
    ...[row.userId, row.sessionId, row.materialId, row.chunkId, row.topicId, row.startedAt.toISOString()],
    ...[row.endedAt.toISOString(), row.durationSeconds, row.scrollDepthPercent, row.completedAt !== null],
    ...[row.completedAt?.toISOString() ?? null, row.openCount, row.highlightsCount, row.notesCount, row.bookmarked],
  ];
}
