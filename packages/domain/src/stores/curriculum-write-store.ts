// The only writer of the curriculum. Each list arrives as one JSON parameter, so an import is a handful of statements whatever
// its size. `is distinct from` keeps an import of what is there already from writing, and from raising the version.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';

export type OutlineTopic = {
  readonly id: string;
  readonly parentId: string | null;
  readonly level: number;
  readonly slug: string;
  readonly boardExamWeight: number | null;
};
export type Prerequisite = { readonly sourceTopicId: string; readonly targetTopicId: string };
export type Outline = { readonly topics: readonly OutlineTopic[]; readonly prerequisites: readonly Prerequisite[] };

export type TopicRow = OutlineTopic & {
  readonly path: string;
  readonly name: string;
  readonly description: string | null;
  readonly effectiveExamWeight: number;
  readonly difficultyLevel: number | null;
  readonly estimatedStudyHours: number | null;
};
export type DerivedTopicRow = {
  readonly id: string;
  readonly path: string;
  readonly effectiveExamWeight: number;
  readonly blocksCount: number;
};
export type RelationshipRow = Prerequisite & { readonly relationshipType: string; readonly strength: number };
export type QuestionRow = {
  readonly id: string;
  readonly topicId: string;
  readonly correctAnswer: string;
  readonly options: readonly string[];
  readonly difficulty: number | null;
  /** Absent: 1, raised when the key or the options change. */
  readonly version?: number | undefined;
};
export type MaterialRow = {
  readonly id: string;
  readonly topicId: string;
  readonly kind: string;
  readonly chunkCount: number;
  readonly estimatedMinutes: number | null;
};
export type ChangedMaterial = { readonly topicId: string; readonly previousTopicId: string | null };

const lockVersion = statement('curriculum.lock', `select version from curriculum_version for update`);
const raiseVersion = statement(
  'curriculum.raise_version',
  `update curriculum_version set version = version + 1 returning version`,
);

const selectOutline = statement(
  'curriculum.outline',
  `select
    (select coalesce(jsonb_agg(jsonb_build_object(
      'id', id, 'parentId', parent_id, 'level', level, 'slug', slug, 'boardExamWeight', board_exam_weight) order by path), '[]')
      from topics) as topics,
    (select coalesce(jsonb_agg(jsonb_build_object('sourceTopicId', source_topic_id, 'targetTopicId', target_topic_id)
      order by source_topic_id, target_topic_id), '[]')
      from topic_relationships where relationship_type = 'prerequisite') as prerequisites`,
);

// A slug is unique row by row: topics that change theirs let go of the old one first, so that two may trade places.
const parkSlugs = statement('curriculum.park_slugs', `update topics set slug = '-' || id where id = any($1::uuid[])`);

const upsertTopicRows = statement(
  'curriculum.upsert_topics',
  `insert into topics as t (id, parent_id, level, path, slug, name, description, board_exam_weight, effective_exam_weight,
    difficulty_level, estimated_study_hours)
  select id, "parentId", level, path, slug, name, description, "boardExamWeight", "effectiveExamWeight", "difficultyLevel",
    "estimatedStudyHours"
  from jsonb_to_recordset($1::jsonb) as g (id uuid, "parentId" uuid, level smallint, path text, slug text, name text,
    description text, "boardExamWeight" double precision, "effectiveExamWeight" double precision, "difficultyLevel" smallint,
    "estimatedStudyHours" double precision)
  on conflict (id) do update set
    parent_id = excluded.parent_id, level = excluded.level, path = excluded.path, slug = excluded.slug, name = excluded.name,
    description = excluded.description, board_exam_weight = excluded.board_exam_weight,
    effective_exam_weight = excluded.effective_exam_weight, difficulty_level = excluded.difficulty_level,
    estimated_study_hours = excluded.estimated_study_hours
  where (t.parent_id, t.level, t.path, t.slug, t.name, t.description, t.board_exam_weight, t.effective_exam_weight,
      t.difficulty_level, t.estimated_study_hours)
    is distinct from (excluded.parent_id, excluded.level, excluded.path, excluded.slug, excluded.name, excluded.description,
      excluded.board_exam_weight, excluded.effective_exam_weight, excluded.difficulty_level, excluded.estimated_study_hours)
  returning id`,
);

const upsertRelationshipRows = statement(
  'curriculum.upsert_relationships',
  `insert into topic_relationships as r (source_topic_id, target_topic_id, relationship_type, strength)
  select "sourceTopicId", "targetTopicId", "relationshipType", strength
  from jsonb_to_recordset($1::jsonb) as g ("sourceTopicId" uuid, "targetTopicId" uuid, "relationshipType" text,
    strength double precision)
  on conflict (source_topic_id, target_topic_id, relationship_type) do update set strength = excluded.strength
  where r.strength is distinct from excluded.strength
  returning source_topic_id`,
);

const upsertQuestionRows = statement(
  'curriculum.upsert_questions',
  `insert into questions as q (id, topic_id, correct_answer, options, difficulty, version)
  select g.id, g."topicId", g."correctAnswer", g.options, g.difficulty,
    coalesce(g.version, k.version + ((k.correct_answer, k.options) is distinct from (g."correctAnswer", g.options))::int, 1)
  from jsonb_to_recordset($1::jsonb) as g (id uuid, "topicId" uuid, "correctAnswer" text, options jsonb,
    difficulty double precision, version integer)
  left join questions k on k.id = g.id
  on conflict (id) do update set
    topic_id = excluded.topic_id, correct_answer = excluded.correct_answer, options = excluded.options,
    difficulty = excluded.difficulty, version = excluded.version
  where (q.topic_id, q.correct_answer, q.options, q.difficulty, q.version)
    is distinct from (excluded.topic_id, excluded.correct_answer, excluded.options, excluded.difficulty, excluded.version)
  returning id`,
);

// The left join reads the rows as they were: a statement does not see its own writes.
const upsertMaterialRows = statement(
  'curriculum.upsert_materials',
  `with changed as (
    insert into materials as m (id, topic_id, kind, chunk_count, estimated_minutes)
    select id, "topicId", kind, "chunkCount", "estimatedMinutes"
    from jsonb_to_recordset($1::jsonb) as g (id uuid, "topicId" uuid, kind text, "chunkCount" integer,
      "estimatedMinutes" double precision)
    on conflict (id) do update set
      topic_id = excluded.topic_id, kind = excluded.kind, chunk_count = excluded.chunk_count,
      estimated_minutes = excluded.estimated_minutes
    where (m.topic_id, m.kind, m.chunk_count, m.estimated_minutes)
      is distinct from (excluded.topic_id, excluded.kind, excluded.chunk_count, excluded.estimated_minutes)
    returning id, topic_id
  )
  select c.topic_id as "topicId", k.topic_id as "previousTopicId"
  from changed c
  left join materials k on k.id = c.id`,
);

const updateDerived = statement(
  'curriculum.update_derived',
  `update topics t
  set path = n.path, effective_exam_weight = n.weight, blocks_count = n.blocks, questions_count = n.questions, materials_count = n.materials
  from (
    select g.id, g.path, g."effectiveExamWeight" as weight, g."blocksCount" as blocks,
      coalesce(q.n, 0) as questions, coalesce(m.n, 0) as materials
    from jsonb_to_recordset($1::jsonb) as g (id uuid, path text, "effectiveExamWeight" double precision, "blocksCount" integer)
    left join (select topic_id, count(*)::int as n from questions group by topic_id) q on q.topic_id = g.id
    left join (select topic_id, count(*)::int as n from materials group by topic_id) m on m.topic_id = g.id
  ) n
  where t.id = n.id
    and (t.path, t.effective_exam_weight, t.blocks_count, t.questions_count, t.materials_count)
      is distinct from (n.path, n.weight, n.blocks, n.questions, n.materials)`,
);

// Ordered, as every lock of several learners is: two that lock in different order would deadlock.
const lockLearnersOfTopics = statement(
  'curriculum.lock_learners_of_topics',
  `select user_id as "userId"
  from learners
  where user_id in (select user_id from topic_mastery where topic_id = any($1::uuid[]))
  order by user_id
  for update`,
);

/** The lock of imports, held to the end of the transaction; the version under it. */
export async function lockCurriculum(tx: Tx): Promise<number> {
  return versionOf(await tx.query<{ version: number }>(lockVersion));
}

export async function raiseCurriculumVersion(tx: Tx): Promise<number> {
  return versionOf(await tx.query<{ version: number }>(raiseVersion));
}

function versionOf([row]: readonly { readonly version: number }[]): number {
  if (row === undefined) throw new Error('curriculum_version has no row');
  return row.version;
}

/** Every topic's place and all prerequisites, as stored. */
export async function getOutline(tx: Tx): Promise<Outline> {
  const [outline] = await tx.query<Outline>(selectOutline);
  if (outline === undefined) throw new Error('curriculum.outline returned no row');
  return outline;
}

/** Inserts or replaces topics; `renamed` are those among them that are stored under another slug. Returns how many changed. */
export async function upsertTopics(tx: Tx, rows: readonly TopicRow[], renamed: readonly string[]): Promise<number> {
  if (rows.length === 0) return 0;
  if (renamed.length > 0) await tx.query(parkSlugs, [renamed]);
  return (await tx.query(upsertTopicRows, [JSON.stringify(rows)])).length;
}

/** Inserts or replaces relationships. Returns how many changed. */
export async function upsertRelationships(tx: Tx, rows: readonly RelationshipRow[]): Promise<number> {
  return rows.length === 0 ? 0 : (await tx.query(upsertRelationshipRows, [JSON.stringify(rows)])).length;
}

/** Inserts or replaces questions. Returns how many changed. */
export async function upsertQuestions(tx: Tx, rows: readonly QuestionRow[]): Promise<number> {
  return rows.length === 0 ? 0 : (await tx.query(upsertQuestionRows, [JSON.stringify(rows)])).length;
}

/** Inserts or replaces materials. Returns, for each that changed, its topic now and before (null: it is new). */
export async function upsertMaterials(tx: Tx, rows: readonly MaterialRow[]): Promise<readonly ChangedMaterial[]> {
  return rows.length === 0 ? [] : tx.query<ChangedMaterial>(upsertMaterialRows, [JSON.stringify(rows)]);
}

/** Brings what follows from other rows up to date: places, blocks and counts. Give every topic, not only the changed. */
export async function updateDerivedTopics(tx: Tx, rows: readonly DerivedTopicRow[]): Promise<void> {
  await tx.query(updateDerived, [JSON.stringify(rows)]);
}

/** Locks the learners who have a mastery row of one of the topics, and returns them in order. */
export async function lockLearnersOf(tx: Tx, topicIds: readonly string[]): Promise<readonly string[]> {
  if (topicIds.length === 0) return [];
  return (await tx.query<{ userId: string }>(lockLearnersOfTopics, [topicIds])).map(({ userId }) => userId);
}
