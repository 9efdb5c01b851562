// Versions of the model of mastery 2. A version never changes; which one is active does.
import type { Coefficients, Counts, MasteryModel, ModelQuality, Place } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';
import type { LearnerRange } from './batch-store.ts';

// Held to the end of the transaction: another version becomes active after it, and then finds the rows that it has written. Not a
// lock of the active row: those who share one never let anybody in who wants it for himself, as long as there are always some.
const lockShared = statement(
  'model.lock_shared',
  `select pg_advisory_xact_lock_shared(hashtext('studyin.mastery_model'))`,
);

const selectModel = statement(
  'model.get',
  `select m.version, m.p0_right::float8 as right, m.p0_total::float8 as total, m.coefficients
  from mastery_models m
  where m.version = $1`,
);

const selectCounts = statement(
  'model.counts',
  `select kind, id, answers_right::float8 as right, answers_total::float8 as total
  from mastery_model_counts
  where version = $1`,
);

const findActive = statement('model.find_active', `select version from mastery_models where active`);

const selectAll = statement(
  'model.list',
  `select version, made_at as "madeAt", answers::float8 as answers, active, quality_before as "before", quality_after as "after"
  from mastery_models
  order by version`,
);

// Held by whoever adds or activates a version, one after the other; those who fold under the active one are waited for.
const lockAll = statement('model.lock', `select pg_advisory_xact_lock(hashtext('studyin.mastery_model'))`);

const selectVersions = statement('model.versions', `select version from mastery_models order by version`);

const insertModelRow = statement(
  'model.insert',
  `insert into mastery_models (version, answers, p0_right, p0_total, coefficients, quality_before, quality_after)
  values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7::jsonb)`,
);

const insertCounts = statement(
  'model.insert_counts',
  `insert into mastery_model_counts (version, kind, id, answers_right, answers_total)
  select $1::int, $2::text, c.id, c.answers_right, c.answers_total
  from unnest($3::uuid[], $4::bigint[], $5::bigint[]) as c (id, answers_right, answers_total)`,
);

const deactivate = statement('model.deactivate', `update mastery_models set active = false where active`);
const activate = statement('model.activate', `update mastery_models set active = true where version = $1`);

const selectBehind = statement(
  'model.learners_behind',
  `select p.user_id as "userId"
  from learner_progress p
  where p.model_version <> $1
    and p.user_id >= $2::uuid
    and ($3::uuid is null or p.user_id < $3::uuid)
    and ($4::uuid is null or p.user_id > $4::uuid)
  order by p.user_id
  limit $5`,
);

const countBehind = statement(
  'model.count_behind',
  `select count(*)::int as learners
  from learner_progress
  where model_version <> $1`,
);

const selectCursor = statement(
  'model.cursor',
  `select (extract(epoch from cursor_at) * 1000)::float8 as "atMs", cursor_id as id
  from learner_progress
  where user_id = $1 and cursor_at is not null`,
);

const selectScored = statement(
  'model.scored_topics',
  `select user_id as "userId", topic_id as "topicId", mastery_score as score, score_v1 as "scoreV1",
    (extract(epoch from as_of) * 1000)::float8 as "asOfMs"
  from topic_mastery
  where user_id = any($1::uuid[]) and mastery_score is not null
  order by user_id, topic_id`,
);

/** The version that new rows are made under, held to the end of the transaction. */
export async function shareActiveModel(tx: Tx): Promise<number> {
  tx.send(lockShared, []);
  // A statement of its own, begun once the lock is held: what it reads is not older than that.
  return getActiveVersion(tx);
}

type Version = { readonly version: number };

function versionOf([row]: readonly Version[]): number {
  if (row === undefined) throw new Error('no version of the mastery model is active');
  return row.version;
}

/** A version with all its counts. Throws where there is none of that number. */
export async function getModel(reader: Reader, version: number): Promise<MasteryModel> {
  type Row = Counts & { readonly version: number; readonly coefficients: Coefficients };
  const [row] = await reader.query<Row>(selectModel, [version]);
  if (row === undefined) throw new Error(`there is no version ${version} of the mastery model`);
  const counted = await reader.query<CountRow>(selectCounts, [version]);
  return {
    version,
    all: { right: row.right, total: row.total },
    topics: countsOf(counted, 'topic'),
    questions: countsOf(counted, 'question'),
    coefficients: row.coefficients,
  };
}

type CountRow = Counts & { readonly kind: 'question' | 'topic'; readonly id: string };

function countsOf(rows: readonly CountRow[], wanted: CountRow['kind']): ReadonlyMap<string, Counts> {
  return new Map(rows.flatMap(({ kind, id, right, total }) => (kind === wanted ? [[id, { right, total }]] : [])));
}

/** The version that new rows are made under. */
export async function getActiveVersion(reader: Reader): Promise<number> {
  return versionOf(await reader.query<Version>(findActive));
}

export type ModelRow = {
  readonly version: number;
  readonly madeAt: Date;
  /** Accepted answers when it was made. */
  readonly answers: number;
  readonly active: boolean;
  /** Log-losses on the last fifth by time: of the version that was active, and of this one; null for plain Elo. */
  readonly before: ModelQuality | null;
  readonly after: ModelQuality | null;
};

/** Every version, oldest first. */
export function listModelRows(reader: Reader): Promise<readonly ModelRow[]> {
  return reader.query<ModelRow>(selectAll);
}

/** Keeps others from adding and activating versions to the end of the transaction; answers those there are. */
export async function lockModels(tx: Tx): Promise<readonly number[]> {
  tx.send(lockAll, []);
  return (await tx.query<Version>(selectVersions)).map(({ version }) => version);
}

export type MadeModel = {
  readonly answers: number;
  readonly before: ModelQuality;
  readonly after: ModelQuality;
};

/** Adds a version with its counts; it is not active yet. */
export async function insertModel(tx: Tx, model: MasteryModel, { answers, before, after }: MadeModel): Promise<void> {
  const { version, all, coefficients } = model;
  const json = [coefficients, before, after].map((value) => JSON.stringify(value));
  await tx.query(insertModelRow, [version, answers, all.right, all.total, ...json]);
  for (const [kind, counts] of [['topic', model.topics] as const, ['question', model.questions] as const]) {
    const values = [...counts.values()];
    const columns = [[...counts.keys()], values.map(({ right }) => right), values.map(({ total }) => total)];
    await tx.query(insertCounts, [version, kind, ...columns]);
  }
}

/** Makes a version the active one. */
export async function activateVersion(tx: Tx, version: number): Promise<void> {
  await tx.query(deactivate);
  await tx.query(activate, [version]);
}

export type BehindPage = LearnerRange & {
  readonly version: number;
  readonly after: string | null;
  readonly limit: number;
};

/** The next learners of a range whose rows stand under another version, in order of their id. */
export async function listLearnersBehind(
  reader: Reader,
  { version, fromUserId, toUserId, after, limit }: BehindPage,
): Promise<readonly string[]> {
  const rows = await reader.query<{ userId: string }>(selectBehind, [version, fromUserId, toUserId, after, limit]);
  return rows.map(({ userId }) => userId);
}

/** Learners whose rows stand under another version. */
export async function countLearnersBehind(tx: Tx, version: number): Promise<number> {
  const [row] = await tx.query<{ learners: number }>(countBehind, [version]);
  return row?.learners ?? 0;
}

export type ScoredTopic = {
  readonly userId: string;
  readonly topicId: string;
  readonly score: number;
  readonly scoreV1: number;
  readonly asOfMs: number;
};

/** Every topic of the learners that has a score. */
export function listScoredTopics(tx: Tx, userIds: readonly string[]): Promise<readonly ScoredTopic[]> {
  return tx.query<ScoredTopic>(selectScored, [userIds]);
}

/** The place of the last answer that a learner's rows stand at; null before the first. */
export async function findCursor(tx: Tx, userId: string): Promise<Place | null> {
  const [row] = await tx.query<Place>(selectCursor, [userId]);
  return row ?? null;
}
