import type {
  Evidence,
  GapReason,
  GapSeverity,
  GapTerm,
  GapVersion,
  ImportanceTerm,
  TopicState,
} from '../algorithms/index.ts';
import { statement } from '../database/index.ts';
import type { InstantText, Reader } from '../database/index.ts';

export type NamedTopic = { readonly topicId: string; readonly slug: string; readonly name: string };

export type GapRow = NamedTopic & {
  readonly severity: GapSeverity;
  readonly gapScore: number;
  readonly priorityScore: number;
  /** Added from first to last, their contributions are the priority to the bit. */
  readonly terms: readonly GapTerm[];
  readonly importance: readonly ImportanceTerm[];
  readonly attempts: number;
  readonly accuracy: number | null;
  readonly recentFailureRate: number | null;
  readonly untriedShare: number;
  readonly examWeight: number;
  readonly blocksCount: number;
  /** Whether all that comes before it is known; else `blockedBy` names what is not. */
  readonly isReady: boolean;
  readonly blockedBy: readonly NamedTopic[];
  /** All that is to be learned before, in order; empty where it is ready. */
  readonly path: readonly NamedTopic[];
  readonly estimatedHours: number | null;
  readonly recommendedMaterials: readonly string[];
  readonly reasons: readonly GapReason[];
  readonly identifiedOn: string;
  readonly calculationVersion: GapVersion;
  readonly asOf: InstantText;
};

const namedTopics = (list: string): string =>
  `(select coalesce(jsonb_agg(jsonb_build_object('topicId', b.id, 'slug', b.slug, 'name', b.name) order by l.place), '[]')
      from jsonb_array_elements_text(g.${list}) with ordinality as l (id, place)
      join topics b on b.id = l.id::uuid)`;

const columns = `g.topic_id as "topicId",
    t.slug,
    t.name,
    g.severity,
    g.gap_score as "gapScore",
    g.priority_score as "priorityScore",
    g.priority_terms as terms,
    g.importance_terms as importance,
    g.attempts,
    g.accuracy,
    g.recent_failure_rate as "recentFailureRate",
    g.untried_share as "untriedShare",
    g.exam_weight as "examWeight",
    g.blocks_count as "blocksCount",
    g.is_ready as "isReady",
    ${namedTopics('blocked_by')} as "blockedBy",
    ${namedTopics('path')} as path,
    g.estimated_hours as "estimatedHours",
    g.recommended_materials as "recommendedMaterials",
    g.reasons,
    g.identified_on::text as "identifiedOn",
    g.calculation_version as "calculationVersion",
    g.as_of::text as "asOf"`;

// The window of recent attempts ends at the latest of all topics, which a list of untried ones would not show.
const selectGaps = statement(
  'dashboard.gaps',
  `select
    ${columns},
    (select max(m.as_of)::text from topic_mastery m where m.user_id = $1) as "evaluatedAt"
  from knowledge_gaps g
  join topics t on t.id = g.topic_id
  where g.user_id = $1
    and g.resolved_on is null
  order by g.priority_score desc, g.topic_id
  limit $2`,
);

const selectGap = statement(
  'dashboard.gap_of_topic',
  `select
    ${columns},
    (
      select count(*)::int + 1
      from knowledge_gaps o
      where o.user_id = $1
        and o.resolved_on is null
        and (o.priority_score > g.priority_score or (o.priority_score = g.priority_score and o.topic_id < g.topic_id))
    ) as rank
  from knowledge_gaps g
  join topics t on t.id = g.topic_id
  where g.user_id = $1
    and g.topic_id = $2
    and g.resolved_on is null`,
);

const selectTopic = statement(
  'dashboard.topic_state',
  `select
    t.id as "topicId",
    t.slug,
    t.name,
    m.mastery_score as score,
    m.evidence,
    m.calculation_version as "calculationVersion",
    coalesce(m.confidence_score, 0) as confidence,
    coalesce(p.model_version, 0) as "modelVersion",
    m.as_of as "asOf",
    m.materials_completed as completed,
    m.materials_total as total,
    m.questions_attempted as attempts,
    m.questions_correct as correct,
    m.first_attempts as questions,
    m.first_correct as "firstCorrect",
    m.ewma,
    m.theta,
    m.recent,
    m.learner_theta as "learnerTheta",
    m.answer_seconds as "answerSeconds",
    (extract(epoch from m.first_answer_at) * 1000)::float8 as "firstAtMs",
    (extract(epoch from m.last_answer_at) * 1000)::float8 as "lastAtMs"
  from topics t
  left join topic_mastery m on m.user_id = $1 and m.topic_id = t.id
  left join learner_progress p on p.user_id = $1
  where t.id = $2`,
);

type Asked = { readonly userId: string; readonly topicId: string };

/** A learner's open gaps, most urgent first, each with the instant up to which the learner's topics were evaluated. */
export function findOpenGaps(
  reader: Reader,
  { userId, limit }: { readonly userId: string; readonly limit: number },
): Promise<readonly (GapRow & { readonly evaluatedAt: InstantText | null })[]> {
  return reader.query<GapRow & { readonly evaluatedAt: InstantText | null }>(selectGaps, [userId, limit]);
}

/** The open gap of a topic with its place among the learner's, from 1 on; null where the topic is none. */
export async function findGapOfTopic(
  reader: Reader,
  { userId, topicId }: Asked,
): Promise<(GapRow & { readonly rank: number }) | null> {
  const [row] = await reader.query<GapRow & { readonly rank: number }>(selectGap, [userId, topicId]);
  return row ?? null;
}

export type TopicStateRow = NamedTopic &
  TopicState & {
    readonly score: number;
    readonly evidence: Evidence;
    readonly calculationVersion: number;
    readonly confidence: number;
    /** That the learner's rows stand under. */
    readonly modelVersion: number;
    readonly asOf: Date;
    readonly completed: number;
    readonly total: number;
  };

/** A topic, and all that its mastery was computed from; `score` null where the learner has not answered in it, null where there is no such topic. */
export async function findTopicState(
  reader: Reader,
  { userId, topicId }: Asked,
): Promise<TopicStateRow | (NamedTopic & { readonly score: null }) | null> {
  const [row] = await reader.query<TopicStateRow | (NamedTopic & { readonly score: null })>(selectTopic, [
    userId,
    topicId,
  ]);
  return row ?? null;
}
