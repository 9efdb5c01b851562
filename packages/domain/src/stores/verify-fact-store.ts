// What a verification reads of facts and of standing: plain statements of its own, none shared with those who write the rows.
import type { GapVersion, Scheduler } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type FactEvent = {
  readonly userId: string;
  readonly id: string;
  readonly atMs: number;
  readonly studyDay: string;
  readonly timezone: string | null;
  readonly sessionId: string;
  readonly eventType: string;
  readonly materialId: string | null;
  readonly chunkId: string | null;
  readonly questionId: string | null;
  readonly topicId: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deviceType: string | null;
};

export type FactAttempt = {
  readonly userId: string;
  readonly id: string;
  readonly atMs: number;
  readonly studyDay: string;
  readonly sessionId: string;
  readonly questionId: string;
  readonly topicId: string;
  readonly selectedAnswer: string;
  readonly isCorrect: boolean;
  readonly timeToAnswerSeconds: number;
  readonly confidenceLevel: number | null;
  readonly hintUsed: boolean;
  readonly explanationViewed: boolean;
};

/** How far the worker has come with a learner. */
export type Standing = {
  readonly userId: string;
  readonly answers: number;
  readonly answersFolded: number;
  /** Of the last fold; null before the first. */
  readonly curriculumVersion: number | null;
  /** The settings that the rows were made by; null before the first fold. */
  readonly scheduler: Scheduler | null;
  readonly gapVersion: GapVersion | null;
  /** The day whose night was applied last; null before the first one. */
  readonly night: string | null;
  readonly dirtyDays: number;
};

export type LearnerPage = readonly { readonly userId: string; readonly answers: number }[];

const oneSnapshot = statement('verify.one_snapshot', `set transaction isolation level repeatable read, read only`);

const countAll = statement(
  'verify.count_learners',
  `select count(*)::int as learners
  from learners
  where $1::uuid[] is null or user_id = any($1)`,
);

const selectPage = statement(
  'verify.learner_page',
  `select user_id as "userId", answers::float8 as answers
  from learners
  where ($1::uuid is null or user_id > $1)
    and ($2::uuid[] is null or user_id = any($2))
  order by user_id
  limit $3`,
);

const selectEvents = statement(
  'verify.events',
  `select user_id as "userId", id, (extract(epoch from created_at) * 1000)::float8 as "atMs", study_day::text as "studyDay",
    timezone, session_id as "sessionId", event_type as "eventType", material_id as "materialId", chunk_id as "chunkId",
    question_id as "questionId", topic_id as "topicId", properties, device_type as "deviceType"
  from study_events
  where user_id = any($1::uuid[])`,
);

const selectAttempts = statement(
  'verify.attempts',
  `select user_id as "userId", id, (extract(epoch from attempted_at) * 1000)::float8 as "atMs", study_day::text as "studyDay",
    session_id as "sessionId", question_id as "questionId", topic_id as "topicId", selected_answer as "selectedAnswer",
    is_correct as "isCorrect", time_to_answer_seconds as "timeToAnswerSeconds", confidence_level as "confidenceLevel",
    hint_used as "hintUsed", explanation_viewed as "explanationViewed"
  from question_attempts
  where user_id = any($1::uuid[])`,
);

const selectStanding = statement(
  'verify.standing',
  `select l.user_id as "userId", l.answers::float8 as answers, coalesce(p.answers, 0)::float8 as "answersFolded",
    p.curriculum_version as "curriculumVersion", p.scheduler, p.gap_version as "gapVersion", p.night::text as night,
    (select count(*)::int from dirty_days d where d.user_id = l.user_id) as "dirtyDays"
  from learners l
  left join learner_progress p on p.user_id = l.user_id
  where l.user_id = any($1::uuid[])`,
);

const findQueue = statement('verify.find_queue', `select to_regclass('pgboss.job') is not null as found`);

// Why the text of the payload: a job that was sent by hand may have no key.
const selectLiveJobs = statement(
  'verify.live_jobs',
  `select data ->> 'userId' as "userId"
  from pgboss.job
  where name = $1
    and state in ('created', 'retry', 'active')
    and data ->> 'userId' = any($2::text[])`,
);

/** From here on the transaction sees one state of the database, and cannot write. Must be its first statement. */
export async function readOneSnapshot(tx: Tx): Promise<void> {
  await tx.query(oneSnapshot);
}

/** Learners there are, or those of the given ones. */
export async function countLearners(reader: Reader, userIds: readonly string[] | null): Promise<number> {
  const [row] = await reader.query<{ learners: number }>(countAll, [userIds]);
  return row?.learners ?? 0;
}

export type PageRequest = {
  readonly after: string | null;
  readonly userIds: readonly string[] | null;
  readonly limit: number;
};

/** The next learners in order of their id. */
export function listLearnerPage(reader: Reader, { after, userIds, limit }: PageRequest): Promise<LearnerPage> {
  return reader.query<LearnerPage[number]>(selectPage, [after, userIds, limit]);
}

export function listFactEvents(reader: Reader, userIds: readonly string[]): Promise<readonly FactEvent[]> {
  return reader.query<FactEvent>(selectEvents, [userIds]);
}

export function listFactAttempts(reader: Reader, userIds: readonly string[]): Promise<readonly FactAttempt[]> {
  return reader.query<FactAttempt>(selectAttempts, [userIds]);
}

export function listStandings(reader: Reader, userIds: readonly string[]): Promise<readonly Standing[]> {
  return reader.query<Standing>(selectStanding, [userIds]);
}

/** Those of the learners who have a job of this name queued, running or waiting to be tried again. */
export async function listAwaited(
  reader: Reader,
  { jobName, userIds }: { readonly jobName: string; readonly userIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  const [queue] = await reader.query<{ found: boolean }>(findQueue);
  if (queue?.found !== true) return new Set();
  const rows = await reader.query<{ userId: string }>(selectLiveJobs, [jobName, userIds]);
  return new Set(rows.map((row) => row.userId));
}
