// The curriculum as a verification reads it: plain statements of its own.
import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type VerifiedTopic = {
  readonly id: string;
  readonly parentId: string | null;
  readonly level: number;
  readonly examWeight: number;
  readonly estimatedStudyHours: number | null;
  readonly questions: number;
};

export type VerifiedCurriculum = {
  readonly version: number;
  readonly topics: readonly VerifiedTopic[];
  /** The topic that comes first and the one that needs it, by the path of the first. */
  readonly prerequisites: readonly { readonly from: string; readonly to: string }[];
  readonly materials: readonly { readonly id: string; readonly topicId: string }[];
};

const selectVersion = statement('verify.curriculum_version', `select version from curriculum_version`);

const selectTopics = statement(
  'verify.topics',
  `select t.id, t.parent_id as "parentId", t.level, t.effective_exam_weight as "examWeight", t.estimated_study_hours as "estimatedStudyHours",
    (select count(*)::int from questions q where q.topic_id = t.id) as questions
  from topics t`,
);

const selectPrerequisites = statement(
  'verify.prerequisites',
  `select r.source_topic_id as "from", r.target_topic_id as "to"
  from topic_relationships r
  join topics t on t.id = r.source_topic_id
  where r.relationship_type = 'prerequisite'
  order by t.path`,
);

const selectMaterials = statement(
  'verify.materials',
  `select id, topic_id as "topicId" from materials order by kind, id`,
);

export async function getVerifiedCurriculum(reader: Reader): Promise<VerifiedCurriculum> {
  const [row] = await reader.query<{ version: number }>(selectVersion);
  if (row === undefined) throw new Error('curriculum_version has no row');
  return {
    version: row.version,
    topics: await reader.query<VerifiedTopic>(selectTopics),
    prerequisites: await reader.query<VerifiedCurriculum['prerequisites'][number]>(selectPrerequisites),
    materials: await reader.query<VerifiedCurriculum['materials'][number]>(selectMaterials),
  };
}
