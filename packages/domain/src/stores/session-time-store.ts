// The worker's half of a session: what its events in canonical order say.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

export type SessionTimes = {
  readonly userId: string;
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
  `select user_id as "userId", id, study_day::text as "studyDay"
  from unnest($1::uuid[], $2::uuid[]) as k (user_id, id)
  join study_sessions using (user_id, id)
  where study_day is not null`,
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
  from jsonb_to_recordset($1::jsonb) as r ("userId" uuid, id uuid, "endedAt" timestamptz, "durationSeconds" int, "activeSeconds" int,
    "isActive" boolean, "deviceType" text, timezone text, "topicsStudied" jsonb, "studyDay" date)
  where s.user_id = r."userId" and s.id = r.id
    and (s.ended_at, s.duration_seconds, s.active_seconds, s.is_active, s.device_type, s.timezone, s.topics_studied, s.study_day)
      is distinct from (r."endedAt", r."durationSeconds", r."activeSeconds", r."isActive", r."deviceType", r.timezone,
        r."topicsStudied", r."studyDay")`,
);

export type SessionKey = { readonly userId: string; readonly id: string };
export type SessionDay = SessionKey & { readonly studyDay: string };

/** The study day each session was last counted on; absent while the worker has not seen it. */
export async function listSessionDays(tx: Tx, sessions: readonly SessionKey[]): Promise<readonly SessionDay[]> {
  if (sessions.length === 0) return [];
  return tx.query<SessionDay>(selectDays, [sessions.map(({ userId }) => userId), sessions.map(({ id }) => id)]);
}

/** Each learner's row is locked: their sessions may come in any order. Sent, not waited for. */
export function saveSessionTimes(tx: Tx, sessions: readonly SessionTimes[]): void {
  if (sessions.length > 0) tx.send(save, [JSON.stringify(sessions)]);
}
