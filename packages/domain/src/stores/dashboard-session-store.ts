import { statement } from '../database/index.ts';
import type { InstantText, Reader } from '../database/index.ts';

export type SessionRow = {
  readonly id: string;
  readonly startedAt: InstantText;
  readonly endedAt: InstantText | null;
  readonly lastEventAt: InstantText;
  readonly studyDay: string | null;
  readonly durationSeconds: number;
  readonly activeSeconds: number;
  readonly pauseCount: number;
  readonly materialsViewed: number;
  readonly materialsCompleted: number;
  readonly chunksRead: number;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly aiInteractions: number;
  readonly xpEarned: number;
  readonly achievementsUnlocked: number;
  readonly deviceType: string | null;
  readonly timezone: string | null;
  readonly isActive: boolean;
  readonly topicsStudied: readonly string[];
};

export type SessionPage = {
  readonly userId: string;
  readonly fromDay: string;
  /** No session of `fromDay` in any zone starts before it: what the index is entered with. */
  readonly fromAt: Date;
  readonly before: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
};

// A session that the worker has not seen yet has no study day and is shown by its time alone.
const selectSessions = statement(
  'dashboard.sessions',
  `select
    id,
    started_at::text as "startedAt",
    ended_at::text as "endedAt",
    last_event_at::text as "lastEventAt",
    study_day::text as "studyDay",
    duration_seconds as "durationSeconds",
    active_seconds as "activeSeconds",
    pause_count as "pauseCount",
    materials_viewed as "materialsViewed",
    materials_completed as "materialsCompleted",
    chunks_read as "chunksRead",
    questions_attempted as "questionsAttempted",
    questions_correct as "questionsCorrect",
    ai_interactions as "aiInteractions",
    xp_earned::double precision as "xpEarned",
    achievements_unlocked as "achievementsUnlocked",
    device_type as "deviceType",
    timezone,
    is_active as "isActive",
    topics_studied as "topicsStudied"
  from study_sessions
  where user_id = $1
    and started_at >= $2
    and (study_day is null or study_day >= $3::date)
    and ($4::timestamptz is null or (started_at, id) < ($4, $5::uuid))
  order by started_at desc, id desc
  limit $6`,
);

/** One page of a learner's sessions, newest first. */
export function findSessions(
  reader: Reader,
  { userId, fromAt, fromDay, before, limit }: SessionPage,
): Promise<readonly SessionRow[]> {
  return reader.query<SessionRow>(selectSessions, [
    userId,
    fromAt,
    fromDay,
    before?.at ?? null,
    before?.id ?? null,
    limit,
  ]);
}
