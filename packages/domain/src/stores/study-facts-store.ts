// The facts of given study days, and of given sessions whole.
import type { DayAttempt, DayEvent } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

export type StudyEvent = DayEvent & {
  readonly completesMaterial: boolean;
  readonly timezone: string | null;
  readonly deviceType: string | null;
};
export type StudyAttempt = DayAttempt & { readonly topicId: string; readonly studyDay: string };
export type TimeRange = { readonly fromMs: number; readonly toMs: number };

const eventColumns = `e.id, (extract(epoch from e.created_at) * 1000)::float8 as "atMs", e.session_id as "sessionId",
    e.event_type as "eventType", e.study_day::text as "studyDay", e.material_id as "materialId", e.chunk_id as "chunkId",
    e.question_id as "questionId", e.topic_id as "topicId", e.timezone,
    coalesce(case when e.event_type = 'session_start' then e.properties ->> 'deviceType' end, e.device_type) as "deviceType",
    case when e.event_type = 'xp_earned' then (e.properties ->> 'amount')::float8 end as xp,
    e.chunk_id is null and (e.event_type = 'material_complete'
      or (e.event_type = 'material_read' and coalesce((e.properties ->> 'scrollDepthPercent')::float8, 0) >= 90)) as "completesMaterial"`;

const selectEvents = statement(
  'study_facts.events_of_days',
  `select ${eventColumns}
  from unnest($2::timestamptz[], $3::timestamptz[]) as r (from_at, to_at)
  join study_events e on e.user_id = $1 and e.created_at >= r.from_at and e.created_at < r.to_at
  where e.study_day = any($4::date[])`,
);

const selectSessionEvents = statement(
  'study_facts.events_of_sessions',
  `select ${eventColumns}
  from study_sessions s
  join study_events e on e.user_id = s.user_id and e.created_at between s.started_at and s.last_event_at and e.session_id = s.id
  where s.user_id = $1 and s.id = any($2::uuid[])`,
);

const attemptColumns = `a.id, a.topic_id as "topicId", a.study_day::text as "studyDay", a.is_correct as "isCorrect",
    a.time_to_answer_seconds as "timeToAnswerSeconds", a.hint_used as "hintUsed", a.id = p.first_attempt_id as "isFirstAttempt"`;

const selectAttempts = statement(
  'study_facts.attempts_of_days',
  `select ${attemptColumns}
  from unnest($2::timestamptz[], $3::timestamptz[]) as r (from_at, to_at)
  join question_attempts a on a.user_id = $1 and a.attempted_at >= r.from_at and a.attempted_at < r.to_at
  join question_progress p on p.user_id = a.user_id and p.question_id = a.question_id
  where a.study_day = any($4::date[])`,
);

// Facts before the learner's checkpoint, which the fact tables need not have any more.
const selectKeptEvents = statement(
  'study_facts.kept_events',
  `select ${eventColumns}
  from learner_checkpoints c
  cross join lateral jsonb_populate_recordset(null::study_events, c.kept -> 'events') e
  where c.user_id = $1`,
);

const selectKeptAttempts = statement(
  'study_facts.kept_attempts',
  `select ${attemptColumns}
  from learner_checkpoints c
  cross join lateral jsonb_populate_recordset(null::question_attempts, c.kept -> 'attempts') a
  join question_progress p on p.user_id = a.user_id and p.question_id = a.question_id
  where c.user_id = $1`,
);

/** Events of the given study days; `ranges` are disjoint and cover the days. */
export function listEventsOfDays(
  tx: Tx,
  userId: string,
  { days, ranges }: { readonly days: readonly string[]; readonly ranges: readonly TimeRange[] },
): Promise<readonly StudyEvent[]> {
  return tx.query<StudyEvent>(selectEvents, [userId, ...bounds(ranges), days]);
}

/** All events of the given sessions. */
export function listEventsOfSessions(
  tx: Tx,
  userId: string,
  sessionIds: readonly string[],
): Promise<readonly StudyEvent[]> {
  return tx.query<StudyEvent>(selectSessionEvents, [userId, sessionIds]);
}

/** Attempts of the given study days; their questions' progress must be saved already. */
export function listAttemptsOfDays(
  tx: Tx,
  userId: string,
  { days, ranges }: { readonly days: readonly string[]; readonly ranges: readonly TimeRange[] },
): Promise<readonly StudyAttempt[]> {
  return tx.query<StudyAttempt>(selectAttempts, [userId, ...bounds(ranges), days]);
}

export type KeptFacts = { readonly events: readonly StudyEvent[]; readonly attempts: readonly StudyAttempt[] };

/** What the learner's checkpoint keeps: all events before its boundary of sessions that reach the days around it. */
export async function listKeptFacts(tx: Tx, userId: string): Promise<KeptFacts> {
  return {
    events: await tx.query<StudyEvent>(selectKeptEvents, [userId]),
    attempts: await tx.query<StudyAttempt>(selectKeptAttempts, [userId]),
  };
}

function bounds(ranges: readonly TimeRange[]): readonly [readonly Date[], readonly Date[]] {
  return [ranges.map(({ fromMs }) => new Date(fromMs)), ranges.map(({ toMs }) => new Date(toMs))];
}
