import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';
import type { Evidence, MasteryTrend } from '../algorithms/index.ts';

export type MasteryOrder = 'weakest' | 'strongest' | 'name';

export type MasteryRow = {
  readonly topicId: string;
  readonly parentId: string | null;
  readonly level: number;
  readonly slug: string;
  readonly name: string;
  readonly examWeight: number;
  readonly masteryScore: number | null;
  readonly confidenceScore: number | null;
  readonly retrievalStrength: number | null;
  readonly firstAttemptAccuracy: number | null;
  readonly overallAccuracy: number | null;
  readonly materialCompletion: number | null;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly materialsCompleted: number;
  readonly materialsTotal: number;
  readonly studySeconds: number;
  readonly meanResponseSeconds: number | null;
  readonly firstStudiedAt: Date;
  readonly lastStudiedAt: Date;
  readonly nextReviewDay: string | null;
  readonly trend: MasteryTrend;
  readonly evidence: Evidence;
  readonly calculationVersion: number;
  readonly asOf: Date;
};

const masteryOrderedBy = (order: string): string =>
  `select
    m.topic_id as "topicId",
    t.parent_id as "parentId",
    t.level,
    t.slug,
    t.name,
    t.effective_exam_weight as "examWeight",
    m.mastery_score as "masteryScore",
    m.confidence_score as "confidenceScore",
    m.retrieval_strength as "retrievalStrength",
    m.first_attempt_accuracy as "firstAttemptAccuracy",
    m.overall_accuracy as "overallAccuracy",
    m.material_completion as "materialCompletion",
    m.questions_attempted as "questionsAttempted",
    m.questions_correct as "questionsCorrect",
    m.materials_completed as "materialsCompleted",
    m.materials_total as "materialsTotal",
    m.total_study_seconds as "studySeconds",
    m.avg_response_time_seconds as "meanResponseSeconds",
    m.first_studied_at as "firstStudiedAt",
    m.last_studied_at as "lastStudiedAt",
    m.next_review_day::text as "nextReviewDay",
    m.mastery_trend as trend,
    m.evidence,
    m.calculation_version as "calculationVersion",
    m.as_of as "asOf"
  from topic_mastery m
  join topics t on t.id = m.topic_id
  where m.user_id = $1
    and ($2::uuid[] is null or m.topic_id = any($2))
  order by ${order}
  limit $3`;

// One statement for each order: an order chosen inside the statement could not come from the index.
const masteryStatements = {
  weakest: statement('dashboard.mastery_weakest', masteryOrderedBy('m.mastery_score asc nulls last, m.topic_id')),
  strongest: statement('dashboard.mastery_strongest', masteryOrderedBy('m.mastery_score desc nulls last, m.topic_id')),
  name: statement('dashboard.mastery_by_name', masteryOrderedBy('t.name, m.topic_id')),
};

/** A learner's topics that have a row; topics without a score come last in both orders by score. */
export function findMastery(
  reader: Reader,
  query: {
    readonly userId: string;
    readonly topicIds: readonly string[] | null;
    readonly order: MasteryOrder;
    readonly limit: number;
  },
): Promise<readonly MasteryRow[]> {
  return reader.query<MasteryRow>(masteryStatements[query.order], [query.userId, query.topicIds, query.limit]);
}
