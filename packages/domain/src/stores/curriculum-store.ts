import { examTopics, gapCurriculum } from '../algorithms/index.ts';
import type { ExamTopic, GapCurriculum, TopicEdge } from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export type CurriculumTopic = {
  readonly id: string;
  readonly parentId: string | null;
  readonly level: number;
  readonly slug: string;
  readonly name: string;
  readonly examWeight: number;
  readonly blocksCount: number;
  readonly estimatedStudyHours: number | null;
};
export type CurriculumQuestion = {
  readonly id: string;
  readonly topicId: string;
  readonly correctAnswer: string;
  readonly version: number;
};
export type CurriculumMaterial = { readonly id: string; readonly topicId: string; readonly kind: string };

/** One version of the curriculum, whole. */
export type Curriculum = {
  readonly version: number;
  readonly topics: ReadonlyMap<string, CurriculumTopic>;
  readonly questions: ReadonlyMap<string, CurriculumQuestion>;
  readonly materials: ReadonlyMap<string, CurriculumMaterial>;
  /** Materials of each topic; a topic without any is absent. */
  readonly materialCounts: ReadonlyMap<string, number>;
  readonly gaps: GapCurriculum;
  /** What the exam asks about. */
  readonly exam: readonly ExamTopic[];
};

const selectVersion = statement('curriculum.version', `select version from curriculum_version`);

// Held to the end of the transaction: an import waits for it, and then sees the rows that the transaction has written.
const shareVersion = statement('curriculum.share_version', `select version from curriculum_version for share`);

// One statement, so that all lists are of one version. Prerequisites and materials come in the order in which they are shown.
const selectCurriculum = statement(
  'curriculum.all',
  `select
    (select version from curriculum_version) as version,
    (select coalesce(jsonb_agg(jsonb_build_object(
      'id', id, 'parentId', parent_id, 'level', level, 'slug', slug, 'name', name,
      'examWeight', effective_exam_weight, 'blocksCount', blocks_count, 'estimatedStudyHours', estimated_study_hours)
      order by path), '[]') from topics) as topics,
    (select coalesce(jsonb_agg(jsonb_build_object('from', r.source_topic_id, 'to', r.target_topic_id)
      order by t.path, r.target_topic_id), '[]')
      from topic_relationships r
      join topics t on t.id = r.source_topic_id
      where r.relationship_type = 'prerequisite') as prerequisites,
    (select coalesce(jsonb_agg(jsonb_build_object(
      'id', id, 'topicId', topic_id, 'correctAnswer', correct_answer, 'version', version)), '[]') from questions) as questions,
    (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'topicId', topic_id, 'kind', kind) order by kind, id), '[]')
      from materials) as materials`,
);

export async function getCurriculumVersion(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ version: number }>(selectVersion);
  if (row === undefined) throw new Error('curriculum_version has no row');
  return row.version;
}

/** The version, which no import changes before this transaction ends. Take it before a learner's lock, as an import does. */
export async function shareCurriculumVersion(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ version: number }>(shareVersion);
  if (row === undefined) throw new Error('curriculum_version has no row');
  return row.version;
}

export async function getCurriculum(reader: Reader): Promise<Curriculum> {
  type Row = {
    version: number;
    topics: CurriculumTopic[];
    prerequisites: TopicEdge[];
    questions: CurriculumQuestion[];
    materials: CurriculumMaterial[];
  };
  const [row] = await reader.query<Row>(selectCurriculum);
  if (row === undefined) throw new Error('the curriculum statement returned no row');
  const materialCounts = new Map<string, number>();
  for (const { topicId } of row.materials) materialCounts.set(topicId, (materialCounts.get(topicId) ?? 0) + 1);
  const gaps = gapCurriculum(row);
  return {
    version: row.version,
    topics: byId(row.topics),
    questions: byId(row.questions),
    materials: byId(row.materials),
    materialCounts,
    gaps,
    exam: examTopics({ topics: row.topics, leaves: gaps.leaves }),
  };
}

function byId<T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
