// All gaps of a learner, computed anew from the topic rows, their days and the recent failures.
import {
  computeKnowledgeGaps,
  computeResolvedGaps,
  gapInputOf,
  gapPeriod,
  isRecentlyResolved,
} from '../../algorithms/index.ts';
import type {
  GapInput,
  GapPeriod,
  GapPoint,
  GapVersion,
  KnowledgeGap,
  MasteryModel,
  MaterialsByTopic,
  RecentFailures,
} from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import type { Curriculum } from '../../stores/curriculum-store.ts';
import { listGapLearners, listGapPoints, listGapTopics, saveGapVersion } from '../../stores/gap-store.ts';
import type { GapTopicRow } from '../../stores/gap-store.ts';
import { listStoredGaps, replaceGaps } from '../../stores/gap-row-store.ts';
import type { GapRow } from '../../stores/gap-row-store.ts';
import type { Completion } from '../../stores/mastery-store.ts';
import { timeOf } from '../../stores/progress-store.ts';
import type { ModelCache } from '../model-cache.ts';
import { findRecentFailures } from './find-recent-failures.ts';
import { materialsByTopic } from './materials-by-topic.ts';

export type GapSettings = {
  readonly curriculum: Curriculum;
  readonly version: GapVersion;
  readonly models: ModelCache;
};

type Stored = {
  readonly model: MasteryModel;
  readonly firstStudyDay: string;
  readonly completions: readonly Completion[];
  readonly topics: readonly GapTopicRow[];
  readonly points: readonly (GapPoint & { readonly topicId: string })[];
  readonly recentFailures: ReadonlyMap<string, RecentFailures>;
};

/**
 * Makes the gap rows of the given learners what their topic rows say, which must be up to date, and notes the version; a
 * learner of no topic has none. As many statements for several learners as for one. Returns how many rows changed.
 */
export async function refreshGaps(tx: Tx, userIds: readonly string[], settings: GapSettings): Promise<number> {
  const [learners, topicRows, pointRows, storedGaps] = await Promise.all([
    listGapLearners(tx, userIds),
    listGapTopics(tx, userIds),
    listGapPoints(tx, userIds),
    listStoredGaps(tx, userIds),
  ]);
  const topics = Map.groupBy(topicRows, ({ userId }) => userId);
  const points = Map.groupBy(pointRows, ({ userId }) => userId);
  const recent = await findRecentFailures(
    tx,
    [...topics].map(([userId, rows]) => ({ userId, topics: rows, asOfMs: asOfOf(rows) })),
  );
  const models = await modelsOf(tx, learners, settings);
  const rows = learners.flatMap(({ userId, firstStudyDay, completions, modelVersion }) => {
    const own = topics.get(userId);
    const model = models.get(modelVersion);
    if (own === undefined || firstStudyDay === null || model === undefined) return [];
    const recentFailures = recent.get(userId) ?? new Map<string, RecentFailures>();
    const stored = { model, firstStudyDay, completions, topics: own, points: points.get(userId) ?? [], recentFailures };
    return gapRows(userId, stored, settings);
  });
  const outdated = learners.filter(({ version }) => version !== settings.version).map(({ userId }) => userId);
  saveGapVersion(tx, outdated, settings.version);
  return replaceGaps(tx, storedGaps, rows);
}

async function modelsOf(
  tx: Tx,
  learners: readonly { readonly modelVersion: number }[],
  { models }: GapSettings,
): Promise<ReadonlyMap<number, MasteryModel>> {
  const found = new Map<number, MasteryModel>();
  for (const { modelVersion } of learners) {
    if (!found.has(modelVersion)) found.set(modelVersion, await models.get(tx, modelVersion));
  }
  return found;
}

/** When the latest of a learner's topics was evaluated: where the window of recent attempts ends. */
function asOfOf(topics: readonly GapTopicRow[]): number {
  return Math.max(...topics.map(({ asOfMs }) => asOfMs));
}

function gapRows(userId: string, stored: Stored, { curriculum, version }: GapSettings): readonly GapRow[] {
  const asOfMs = asOfOf(stored.topics);
  const progress = stored.topics.map((topic) => ({ ...topic, firstAttempts: topic.questions }));
  const input: GapInput = {
    ...gapInputOf(curriculum.gaps, progress),
    version,
    recentFailures: stored.recentFailures,
    completedMaterialIds: new Set(stored.completions.map(({ materialId }) => materialId)),
  };
  const timesOf = timesByTopic(stored, materialsByTopic(curriculum, stored.completions));
  const open = computeKnowledgeGaps(input).map((gap) => gapRow(userId, gap, timesOf(gap.topicId)));
  const resolved = computeResolvedGaps(input).flatMap((gap) => {
    const times = timesOf(gap.topicId);
    return times.resolvedOn !== null && isRecentlyResolved(times.resolvedOn, asOfMs)
      ? [gapRow(userId, gap, times)]
      : [];
  });
  return [...open, ...resolved];
}

type Times = GapPeriod & { readonly asOf: string };

function timesByTopic(stored: Stored, materials: MaterialsByTopic): (topicId: string) => Times {
  const { firstStudyDay } = stored;
  const topicOf = new Map(stored.topics.map((topic) => [topic.topicId, topic]));
  const pointsOf = Map.groupBy(stored.points, ({ topicId }) => topicId);
  return (topicId) => {
    const topic = topicOf.get(topicId);
    // A topic that was never studied has nothing that time changes: its row says since when.
    if (topic === undefined) {
      return { identifiedOn: firstStudyDay, resolvedOn: null, asOf: `${firstStudyDay}T00:00:00Z` };
    }
    const period = gapPeriod({
      points: pointsOf.get(topicId) ?? [],
      topicId,
      state: topic,
      model: stored.model,
      materials: materials.get(topicId),
      asOfMs: topic.asOfMs,
      score: topic.masteryScore,
      firstStudyDay,
    });
    return { ...period, asOf: timeOf(topic.asOfMs) };
  };
}

function gapRow(userId: string, gap: KnowledgeGap, times: Times): GapRow {
  return {
    user_id: userId,
    topic_id: gap.topicId,
    severity: gap.severity,
    gap_score: gap.gapScore,
    priority_score: gap.priorityScore,
    priority_terms: gap.explanation.terms,
    importance_terms: gap.explanation.importance,
    attempts: gap.attempts,
    accuracy: gap.accuracy,
    recent_failure_rate: gap.recentFailureRate,
    untried_share: gap.untriedShare,
    exam_weight: gap.examWeight,
    blocks_count: gap.blocksCount,
    is_ready: gap.isReady,
    blocked_by: gap.blockedBy,
    path: gap.path,
    estimated_hours: gap.estimatedHours,
    recommended_materials: gap.recommendedMaterials,
    reasons: gap.reasons,
    identified_on: times.identifiedOn,
    resolved_on: times.resolvedOn,
    calculation_version: gap.calculationVersion,
    as_of: times.asOf,
  };
}
