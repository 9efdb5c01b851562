// The facts of given study days, and of given sessions whole.
import type { DayAttempt, DayEvent } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Statement, Tx } from '../database/index.ts';

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

// One range a call: bounds that are parameters leave out the other months' partitions, bounds from a join do not.
const selectSessionIds = statement(
  'study_facts.sessions_of_days',
  `select distinct session_id as "sessionId"
  from study_events
  where user_id = $1 and created_at >= $2 and created_at < $3 and study_day = any($4::date[])`,
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
  from question_attempts a
  join question_progress p on p.user_id = a.user_id and p.question_id = a.question_id
  where a.user_id = $1 and a.attempted_at >= $2 and a.attempted_at < $3 and a.study_day = any($4::date[])`,
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

/** Study days, and disjoint ranges of time that cover them. */
export type DayRanges = { readonly days: readonly string[]; readonly ranges: readonly TimeRange[] };

/** The sessions with an event on one of the given study days. */
export async function listSessionIdsOfDays(tx: Tx, userId: string, of: DayRanges): Promise<readonly string[]> {
  const rows = await listRanges<{ sessionId: string }>(tx, selectSessionIds, { userId, ...of });
  return [...new Set(rows.map(({ sessionId }) => sessionId))];
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
export function listAttemptsOfDays(tx: Tx, userId: string, of: DayRanges): Promise<readonly StudyAttempt[]> {
  return listRanges<StudyAttempt>(tx, selectAttempts, { userId, ...of });
}

export type KeptFacts = { readonly events: readonly StudyEvent[]; readonly attempts: readonly StudyAttempt[] };

/** What the learner's checkpoint keeps: all events before its boundary of sessions that reach the days around it. */
export async function listKeptFacts(tx: Tx, userId: string): Promise<KeptFacts> {
  return {
    events: await tx.query<StudyEvent>(selectKeptEvents, [userId]),
    attempts: await tx.query<StudyAttempt>(selectKeptAttempts, [userId]),
  };
}

async function listRanges<Row extends object>(
  tx: Tx,
  select: Statement,
  { userId, days, ranges }: DayRanges & { readonly userId: string },
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { fromMs, toMs } of ranges) {
    rows.push(...(await tx.query<Row>(select, [userId, new Date(fromMs), new Date(toMs), days])));
  }
  return rows;
}
