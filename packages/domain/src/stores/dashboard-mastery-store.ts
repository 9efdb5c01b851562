import { statement } from '../database/index.ts';
import type { InstantText, Reader } from '../database/index.ts';
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
  readonly firstStudiedAt: InstantText;
  readonly lastStudiedAt: InstantText;
  readonly nextReviewDay: string | null;
  readonly trend: MasteryTrend;
  readonly evidence: Evidence;
  readonly calculationVersion: number;
  readonly asOf: InstantText;
};

const masteryOrderedBy = (order: string, after: string): string =>
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
    m.first_studied_at::text as "firstStudiedAt",
    m.last_studied_at::text as "lastStudiedAt",
    m.next_review_day::text as "nextReviewDay",
    m.mastery_trend as trend,
    m.evidence,
    m.calculation_version as "calculationVersion",
    m.as_of::text as "asOf"
  from topic_mastery m
  join topics t on t.id = m.topic_id
  where m.user_id = $1
    and ($2::uuid[] is null or m.topic_id = any($2))
    and ($5::uuid is null or ${after})
  order by ${order}
  limit $3`;

// Behind the row of score $4 and topic $5, where no score comes last.
const afterScore = (sign: '<' | '>'): string => `case
      when m.mastery_score is null then $4::float8 is not null or m.topic_id > $5
      else m.mastery_score ${sign} $4 or (m.mastery_score = $4 and m.topic_id > $5)
    end`;
// $4 has no say in this order; it is named, or PostgreSQL could not tell its type.
const afterName = `($4::float8 is null and (t.name, m.topic_id) > ((select a.name from topics a where a.id = $5), $5))`;

// One statement for each order: an order chosen inside the statement could not come from the index.
const masteryStatements = {
  weakest: statement(
    'dashboard.mastery_weakest',
    masteryOrderedBy('m.mastery_score asc nulls last, m.topic_id', afterScore('>')),
  ),
  strongest: statement(
    'dashboard.mastery_strongest',
    masteryOrderedBy('m.mastery_score desc nulls last, m.topic_id', afterScore('<')),
  ),
  name: statement('dashboard.mastery_by_name', masteryOrderedBy('t.name, m.topic_id', afterName)),
};

export type MasteryPage = {
  readonly userId: string;
  readonly topicIds: readonly string[] | null;
  readonly order: MasteryOrder;
  /** The last row of the page before; its score does not matter in the order by name. */
  readonly after: { readonly score: number | null; readonly topicId: string } | null;
  readonly limit: number;
};

/** One page of a learner's topics that have a row; topics without a score come last in both orders by score. */
export function findMastery(
  reader: Reader,
  { userId, topicIds, order, after, limit }: MasteryPage,
): Promise<readonly MasteryRow[]> {
  const values = [userId, topicIds, limit, after?.score ?? null, after?.topicId ?? null];
  return reader.query<MasteryRow>(masteryStatements[order], values);
}
