import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type TopicRecord = {
  readonly id: string;
  readonly parentId: string | null;
  /** 0 exam, 1 system, 2 subject, 3 subtopic. */
  readonly level: number;
  readonly path: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  /** Own weight; null where it is inherited. */
  readonly boardExamWeight: number | null;
  readonly effectiveExamWeight: number;
  readonly difficultyLevel: number | null;
  readonly estimatedStudyHours: number | null;
  readonly materialsCount: number;
  readonly questionsCount: number;
  readonly blocksCount: number;
};

export type TopicReference = { readonly id: string; readonly slug: string; readonly name: string };

export type TopicDetail = TopicRecord & {
  readonly parent: TopicReference | null;
  readonly children: readonly TopicReference[];
  readonly relationships: readonly {
    readonly relationshipType: 'prerequisite' | 'related' | 'complication' | 'treatment';
    /** `outgoing`: this topic is the source. */
    readonly direction: 'outgoing' | 'incoming';
    readonly strength: number;
    readonly topic: TopicReference;
  }[];
  readonly materials: readonly {
    readonly id: string;
    readonly kind: string;
    readonly chunkCount: number;
    readonly estimatedMinutes: number | null;
  }[];
};

const TOPIC_COLUMNS = `t.id, t.parent_id as "parentId", t.level, t.path, t.slug, t.name, t.description,
    t.board_exam_weight as "boardExamWeight", t.effective_exam_weight as "effectiveExamWeight",
    t.difficulty_level as "difficultyLevel", t.estimated_study_hours as "estimatedStudyHours",
    t.materials_count as "materialsCount", t.questions_count as "questionsCount", t.blocks_count as "blocksCount"`;

const selectTopics = statement('topic.list', `select ${TOPIC_COLUMNS} from topics t order by t.path`);

// One statement, so that a topic and what belongs to it are of one version. Keys of questions are never read here.
const selectTopic = statement(
  'topic.get',
  `select ${TOPIC_COLUMNS},
    (select jsonb_build_object('id', p.id, 'slug', p.slug, 'name', p.name) from topics p where p.id = t.parent_id) as parent,
    (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name) order by c.slug), '[]')
      from topics c where c.parent_id = t.id) as children,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'relationshipType', r.relationship_type,
        'direction', case when r.source_topic_id = t.id then 'outgoing' else 'incoming' end,
        'strength', r.strength,
        'topic', jsonb_build_object('id', o.id, 'slug', o.slug, 'name', o.name))
        order by r.relationship_type, r.source_topic_id = t.id, o.slug), '[]')
      from topic_relationships r
      join topics o on o.id = case when r.source_topic_id = t.id then r.target_topic_id else r.source_topic_id end
      where t.id in (r.source_topic_id, r.target_topic_id)) as relationships,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'id', m.id, 'kind', m.kind, 'chunkCount', m.chunk_count, 'estimatedMinutes', m.estimated_minutes) order by m.kind, m.id), '[]')
      from materials m where m.topic_id = t.id) as materials
  from topics t
  where t.id::text = $1 or t.slug = $1
  order by t.id::text = $1 desc
  limit 1`,
);

/** Every topic, parents before their children. */
export function listTopicRecords(reader: Reader): Promise<readonly TopicRecord[]> {
  return reader.query<TopicRecord>(selectTopics);
}

/** A topic by its id (lower case) or slug, with what belongs to it. */
export async function findTopic(reader: Reader, idOrSlug: string): Promise<TopicDetail | null> {
  const [topic] = await reader.query<TopicDetail>(selectTopic, [idOrSlug]);
  return topic ?? null;
}
