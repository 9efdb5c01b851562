// What a tracker hands back: the rows an event has made or grown.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

export type TrackedEvent = {
  readonly userId: string;
  readonly id: string;
  readonly createdAt: Date;
  readonly studyDay: string;
  /** In stored form. */
  readonly sessionId: string;
  readonly eventType: string;
  readonly materialId: string | null;
  readonly chunkId: string | null;
  readonly questionId: string | null;
  readonly topicId: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
};
export type TrackedAttempt = {
  readonly id: string;
  readonly questionId: string;
  readonly topicId: string;
  readonly isCorrect: boolean;
  readonly gradedBy: 'key' | 'client';
  readonly attemptedAt: Date;
};
export type TrackedSession = {
  readonly id: string;
  readonly startedAt: Date;
  readonly lastEventAt: Date;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly materialsViewed: number;
};
export type TrackedInteraction = {
  readonly materialId: string;
  readonly chunkId: string | null;
  readonly durationSeconds: number;
  readonly scrollDepthPercent: number;
  readonly isComplete: boolean;
};

const selectEvent = statement(
  'tracked.event',
  `select user_id as "userId", id, created_at as "createdAt", study_day::text as "studyDay", session_id as "sessionId",
    event_type as "eventType", material_id as "materialId", chunk_id as "chunkId", question_id as "questionId", topic_id as "topicId",
    properties
  from study_events
  where user_id = $1 and created_at = $2 and id = $3`,
);
const selectAttempt = statement(
  'tracked.attempt',
  `select id, question_id as "questionId", topic_id as "topicId", is_correct as "isCorrect", graded_by as "gradedBy",
    attempted_at as "attemptedAt"
  from question_attempts
  where user_id = $1 and attempted_at = $2 and id = $3`,
);
const selectSession = statement(
  'tracked.session',
  `select id, started_at as "startedAt", last_event_at as "lastEventAt", questions_attempted as "questionsAttempted",
    questions_correct as "questionsCorrect", materials_viewed as "materialsViewed"
  from study_sessions
  where user_id = $1 and id = $2`,
);
const selectInteraction = statement(
  'tracked.interaction',
  `select material_id as "materialId", chunk_id as "chunkId", duration_seconds as "durationSeconds",
    scroll_depth_percent as "scrollDepthPercent", is_complete as "isComplete"
  from material_interactions
  where user_id = $1 and session_id = $2 and material_id = $3 and chunk_id is not distinct from $4::uuid`,
);

export async function findEvent(
  tx: Tx,
  { userId, id, createdAt }: Pick<TrackedEvent, 'userId' | 'id' | 'createdAt'>,
): Promise<TrackedEvent | null> {
  return firstOf(await tx.query<TrackedEvent>(selectEvent, [userId, createdAt, id]));
}

export async function findAttempt(tx: Tx, { userId, createdAt, id }: TrackedEvent): Promise<TrackedAttempt | null> {
  return firstOf(await tx.query<TrackedAttempt>(selectAttempt, [userId, createdAt, id]));
}

export async function findSession(tx: Tx, { userId, sessionId }: TrackedEvent): Promise<TrackedSession | null> {
  return firstOf(await tx.query<TrackedSession>(selectSession, [userId, sessionId]));
}

export async function findInteraction(
  tx: Tx,
  { userId, sessionId, materialId, chunkId }: TrackedEvent,
): Promise<TrackedInteraction | null> {
  return firstOf(await tx.query<TrackedInteraction>(selectInteraction, [userId, sessionId, materialId, chunkId]));
}

function firstOf<T>(rows: readonly T[]): T | null {
  return rows[0] ?? null;
}
