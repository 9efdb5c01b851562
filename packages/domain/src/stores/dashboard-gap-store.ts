import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type GapSeverity = 'critical' | 'high' | 'medium' | 'low';

export type GapRow = {
  readonly topicId: string;
  readonly slug: string;
  readonly name: string;
  readonly severity: GapSeverity;
  readonly gapScore: number;
  readonly priorityScore: number;
  readonly attempts: number;
  readonly accuracy: number | null;
  readonly recentFailureRate: number | null;
  readonly examWeight: number;
  readonly blocksCount: number;
  readonly estimatedHours: number | null;
  readonly recommendedMaterials: readonly string[];
  readonly reasons: readonly string[];
  readonly identifiedOn: string;
  readonly calculationVersion: number;
  readonly asOf: Date;
};

const selectGaps = statement(
  'dashboard.gaps',
  `select
    g.topic_id as "topicId",
    t.slug,
    t.name,
    g.severity,
    g.gap_score as "gapScore",
    g.priority_score as "priorityScore",
    g.attempts,
    g.accuracy,
    g.recent_failure_rate as "recentFailureRate",
    g.exam_weight as "examWeight",
    g.blocks_count as "blocksCount",
    g.estimated_hours as "estimatedHours",
    g.recommended_materials as "recommendedMaterials",
    g.reasons,
    g.identified_on::text as "identifiedOn",
    g.calculation_version as "calculationVersion",
    g.as_of as "asOf"
  from knowledge_gaps g
  join topics t on t.id = g.topic_id
  where g.user_id = $1
    and g.resolved_on is null
  order by g.priority_score desc, g.topic_id
  limit $2`,
);

/** A learner's open gaps, most urgent first. */
export function findOpenGaps(
  reader: Reader,
  { userId, limit }: { readonly userId: string; readonly limit: number },
): Promise<readonly GapRow[]> {
  return reader.query<GapRow>(selectGaps, [userId, limit]);
}
