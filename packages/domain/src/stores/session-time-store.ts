// The worker's half of a session: what its events in canonical order say.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

export type SessionTimes = {
  readonly id: string;
  readonly endedAt: string;
  readonly durationSeconds: number;
  readonly activeSeconds: number;
  readonly isActive: boolean;
  readonly deviceType: string | null;
  readonly timezone: string | null;
  readonly topicsStudied: readonly string[];
  readonly studyDay: string;
};

const selectDays = statement(
  'session.study_days',
  `select id, study_day::text as "studyDay"
  from study_sessions
  where user_id = $1 and id = any($2::uuid[])`,
);

const save = statement(
  'session.save_times',
  `update study_sessions s set
    ended_at = r."endedAt",
    duration_seconds = r."durationSeconds",
    active_seconds = r."activeSeconds",
    is_active = r."isActive",
    device_type = r."deviceType",
    timezone = r.timezone,
    topics_studied = r."topicsStudied",
    study_day = r."studyDay"
  from jsonb_to_recordset($2::jsonb) as r (id uuid, "endedAt" timestamptz, "durationSeconds" int, "activeSeconds" int,
    "isActive" boolean, "deviceType" text, timezone text, "topicsStudied" jsonb, "studyDay" date)
  where s.user_id = $1 and s.id = r.id
    and (s.ended_at, s.duration_seconds, s.active_seconds, s.is_active, s.device_type, s.timezone, s.topics_studied, s.study_day)
      is distinct from (r."endedAt", r."durationSeconds", r."activeSeconds", r."isActive", r."deviceType", r.timezone,
        r."topicsStudied", r."studyDay")`,
);

/** The study day each session was last counted on; absent while the worker has not seen it. */
export async function listSessionDays(
  tx: Tx,
  userId: string,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ id: string; studyDay: string | null }>(selectDays, [userId, sessionIds]);
  return new Map(rows.flatMap(({ id, studyDay }) => (studyDay === null ? [] : [[id, studyDay] as const])));
}

export async function saveSessionTimes(tx: Tx, userId: string, sessions: readonly SessionTimes[]): Promise<void> {
  if (sessions.length > 0) {
    await tx.query(save, [userId, JSON.stringify(sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1)))]);
  }
}
