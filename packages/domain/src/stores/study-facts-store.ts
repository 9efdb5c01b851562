// The facts of given study days, and of given sessions whole.
import type { DayAttempt, DayEvent } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import type { SessionKey } from './session-time-store.ts';

export type StudyEvent = DayEvent & {
  readonly completesMaterial: boolean;
  readonly timezone: string | null;
  readonly deviceType: string | null;
};
export type StudyAttempt = DayAttempt & { readonly topicId: string; readonly studyDay: string };
export type LearnerEvent = StudyEvent & { readonly userId: string };
export type LearnerAttempt = StudyAttempt & { readonly userId: string };
type TimeRange = { readonly fromMs: number; readonly toMs: number };

const eventColumns = `e.id, (extract(epoch from e.created_at) * 1000)::float8 as "atMs", e.session_id as "sessionId",
    e.event_type as "eventType", e.study_day::text as "studyDay", e.material_id as "materialId", e.chunk_id as "chunkId",
    e.question_id as "questionId", e.topic_id as "topicId", e.timezone,
    coalesce(case when e.event_type = 'session_start' then e.properties ->> 'deviceType' end, e.device_type) as "deviceType",
    case when e.event_type = 'xp_earned' then (e.properties ->> 'amount')::float8 end as xp,
    e.chunk_id is null and (e.event_type = 'material_complete'
      or (e.event_type = 'material_read' and coalesce((e.properties ->> 'scrollDepthPercent')::float8, 0) >= 90)) as "completesMaterial"`;

// For each day a search of its own: bounds that it brings along leave out the other months.
const selectSessionIds = statement(
  'study_facts.sessions_of_days',
  `select distinct k.user_id as "userId", e.session_id as id
  from unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::timestamptz[]) as k (user_id, study_day, from_at, to_at)
  join study_events e on e.user_id = k.user_id and e.created_at >= k.from_at and e.created_at < k.to_at and e.study_day = k.study_day`,
);

const selectSessionEvents = statement(
  'study_facts.events_of_sessions',
  `select e.user_id as "userId", ${eventColumns}
  from unnest($1::uuid[], $2::uuid[]) as k (user_id, id)
  join study_sessions s on s.user_id = k.user_id and s.id = k.id
  join study_events e on e.user_id = s.user_id and e.created_at between s.started_at and s.last_event_at and e.session_id = s.id`,
);

// Progress is looked up for each answer: as a table to join it may come first, and answers be searched for by day and question.
const attemptColumns = `a.id, a.topic_id as "topicId", a.study_day::text as "studyDay", a.is_correct as "isCorrect",
    a.time_to_answer_seconds as "timeToAnswerSeconds", a.hint_used as "hintUsed",
    a.id = (
      select p.first_attempt_id
      from question_progress p
      where p.user_id = a.user_id and p.question_id = a.question_id
    ) as "isFirstAttempt"`;

const selectAttempts = statement(
  'study_facts.attempts_of_days',
  `select a.user_id as "userId", ${attemptColumns}
  from unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::timestamptz[]) as k (user_id, study_day, from_at, to_at)
  join question_attempts a on a.user_id = k.user_id and a.attempted_at >= k.from_at and a.attempted_at < k.to_at
    and a.study_day = k.study_day`,
);

// Facts before the learner's checkpoint, which the fact tables need not have any more.
const selectKeptEvents = statement(
  'study_facts.kept_events',
  `select c.user_id as "userId", ${eventColumns}
  from learner_checkpoints c
  cross join lateral jsonb_populate_recordset(null::study_events, c.kept -> 'events') e
  where c.user_id = any($1::uuid[])`,
);

const selectKeptAttempts = statement(
  'study_facts.kept_attempts',
  `select c.user_id as "userId", ${attemptColumns}
  from learner_checkpoints c
  cross join lateral jsonb_populate_recordset(null::question_attempts, c.kept -> 'attempts') a
  where c.user_id = any($1::uuid[])`,
);

/** A learner's study day, and a range of time that covers it. */
export type StudyDayKey = { readonly userId: string; readonly studyDay: string } & TimeRange;

/** The sessions with an event on one of the given study days. */
export async function listSessionsOfDays(tx: Tx, days: readonly StudyDayKey[]): Promise<readonly SessionKey[]> {
  return days.length === 0 ? [] : tx.query<SessionKey>(selectSessionIds, columnsOf(days));
}

/** All events of the given sessions. */
export async function listEventsOfSessions(tx: Tx, sessions: readonly SessionKey[]): Promise<readonly LearnerEvent[]> {
  if (sessions.length === 0) return [];
  const values = [sessions.map(({ userId }) => userId), sessions.map(({ id }) => id)];
  return tx.query<LearnerEvent>(selectSessionEvents, values);
}

/** Attempts of the given study days; their questions' progress must be saved already. */
export async function listAttemptsOfDays(tx: Tx, days: readonly StudyDayKey[]): Promise<readonly LearnerAttempt[]> {
  return days.length === 0 ? [] : tx.query<LearnerAttempt>(selectAttempts, columnsOf(days));
}

export type KeptFacts = { readonly events: readonly LearnerEvent[]; readonly attempts: readonly LearnerAttempt[] };

/** What the learners' checkpoints keep: all events before the boundary of sessions that reach the days around it. */
export async function listKeptFacts(tx: Tx, userIds: readonly string[]): Promise<KeptFacts> {
  if (userIds.length === 0) return { events: [], attempts: [] };
  const [events, attempts] = await Promise.all([
    tx.query<LearnerEvent>(selectKeptEvents, [userIds]),
    tx.query<LearnerAttempt>(selectKeptAttempts, [userIds]),
  ]);
  return { events, attempts };
}

function columnsOf(days: readonly StudyDayKey[]) {
  return [
    days.map(({ userId }) => userId),
    days.map(({ studyDay }) => studyDay),
    days.map(({ fromMs }) => new Date(fromMs)),
    days.map(({ toMs }) => new Date(toMs)),
  ];
}
