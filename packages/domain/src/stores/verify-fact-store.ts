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
  /** Null: no answers. */
  readonly firstAnswerMs: number | null;
  readonly answersFolded: number;
  /** Of the last fold; null before the first. */
  readonly curriculumVersion: number | null;
  /** The version of the mastery model that the rows stand under; null before the first fold. */
  readonly modelVersion: number | null;
  /** The settings that the rows were made by; null before the first fold. */
  readonly scheduler: Scheduler | null;
  readonly gapVersion: GapVersion | null;
  /** The day whose night was applied last; null before the first one. */
  readonly night: string | null;
  readonly dirtyDays: number;
};

/** What is left of a learner's facts before the boundary. */
export type VerifiedCheckpoint = {
  readonly userId: string;
  readonly boundary: string;
  readonly answers: number;
  readonly state: unknown;
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

const eventColumns = `e.user_id as "userId", e.id, (extract(epoch from e.created_at) * 1000)::float8 as "atMs",
    e.study_day::text as "studyDay", e.timezone, e.session_id as "sessionId", e.event_type as "eventType",
    e.material_id as "materialId", e.chunk_id as "chunkId", e.question_id as "questionId", e.topic_id as "topicId", e.properties,
    e.device_type as "deviceType"`;

// Facts before a checkpoint are the ones that it keeps, whether their months are dropped yet or not.
const fromBoundary = (time: string): string =>
  `(c.boundary is null or ${time} >= c.boundary::timestamp at time zone 'UTC')`;

const selectEvents = statement(
  'verify.events',
  `select ${eventColumns}
  from study_events e
  left join learner_checkpoints c on c.user_id = e.user_id
  where e.user_id = any($1::uuid[]) and ${fromBoundary('e.created_at')}
  union all
  select ${eventColumns}
  from learner_checkpoints c
  cross join lateral jsonb_populate_recordset(null::study_events, c.kept -> 'events') e
  where c.user_id = any($1::uuid[])`,
);

const attemptColumns = `a.user_id as "userId", a.id, (extract(epoch from a.attempted_at) * 1000)::float8 as "atMs",
    a.study_day::text as "studyDay", a.session_id as "sessionId", a.question_id as "questionId", a.topic_id as "topicId",
    a.selected_answer as "selectedAnswer", a.is_correct as "isCorrect", a.time_to_answer_seconds as "timeToAnswerSeconds",
    a.confidence_level as "confidenceLevel", a.hint_used as "hintUsed", a.explanation_viewed as "explanationViewed"`;

const selectAttempts = statement(
  'verify.attempts',
  `select ${attemptColumns}
  from question_attempts a
  left join learner_checkpoints c on c.user_id = a.user_id
  where a.user_id = any($1::uuid[]) and ${fromBoundary('a.attempted_at')}
  union all
  select ${attemptColumns}
  from learner_checkpoints c
  cross join lateral jsonb_populate_recordset(null::question_attempts, c.kept -> 'attempts') a
  where c.user_id = any($1::uuid[])`,
);

const selectCheckpoints = statement(
  'verify.checkpoints',
  `select user_id as "userId", boundary::text as boundary, answers::float8 as answers, state
  from learner_checkpoints
  where user_id = any($1::uuid[])`,
);

const selectStanding = statement(
  'verify.standing',
  `select l.user_id as "userId", l.answers::float8 as answers,
    (extract(epoch from l.first_answer_at) * 1000)::float8 as "firstAnswerMs", coalesce(p.answers, 0)::float8 as "answersFolded",
    p.curriculum_version as "curriculumVersion", p.model_version as "modelVersion", p.scheduler, p.gap_version as "gapVersion", p.night::text as night,
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

export function listVerifiedCheckpoints(
  reader: Reader,
  userIds: readonly string[],
): Promise<readonly VerifiedCheckpoint[]> {
  return reader.query<VerifiedCheckpoint>(selectCheckpoints, [userIds]);
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
