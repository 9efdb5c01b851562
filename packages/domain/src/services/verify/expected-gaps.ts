// Gaps from the topics of the fold and from all answers; the curriculum is taken apart here once more.
import {
  computeKnowledgeGaps,
  computeResolvedGaps,
  countBlocked,
  emptyTopicState,
  evidenceOf,
  gapPeriod,
  isRecentlyResolved,
  recentFailuresByTopic,
} from '../../algorithms/index.ts';
import type { GapPeriod, GapProgress, GapTopic, GapVersion, KnowledgeGap } from '../../algorithms/index.ts';
import type { VerifiedCurriculum, VerifiedTopic } from '../../stores/verify-curriculum-store.ts';
import type { Row } from '../../stores/verify-tables.ts';
import type { TopicDay } from './expected-days.ts';
import type { MasteryInput, Topic } from './expected-mastery.ts';
import { endsReading } from './learner-facts.ts';
import type { LearnerFacts } from './learner-facts.ts';
import type { Past } from './past.ts';

export type GapRowsInput = MasteryInput & {
  readonly topics: readonly Topic[];
  readonly curriculum: VerifiedCurriculum;
  /** The one that the learner's rows say they were made by. */
  readonly version: GapVersion;
  readonly past: Past | null;
};

export function expectedGaps(facts: LearnerFacts, input: GapRowsInput): readonly Row[] {
  const firstStudyDay = input.days.daily[0]?.studyDay;
  if (input.topics.length === 0 || firstStudyDay === undefined) return [];
  const asOfMs = Math.max(...input.topics.map((topic) => topic.asOfMs));
  const practised = input.topics.map(progressOf);
  const given = {
    version: input.version,
    topics: gapTopics(input.curriculum, answeredTopics(facts, input.past)),
    progress: withParents(input.curriculum, practised),
    recentFailures: recentFailuresByTopic(facts.attempts, asOfMs),
    completedMaterialIds: completedMaterials(facts, input.past),
    before: prerequisitesByTopic(input.curriculum),
  };
  const daysOf = Map.groupBy(input.days.topicDaily, (day) => day.topicId);
  const rowOf = (gap: KnowledgeGap): Row => expectedRow(gap, { ...input, firstStudyDay, daysOf });
  const isShown = ({ resolved_on: day }: Row): boolean => typeof day === 'string' && isRecentlyResolved(day, asOfMs);
  const rows = [...computeKnowledgeGaps(given).map(rowOf), ...computeResolvedGaps(given).map(rowOf).filter(isShown)];
  return rows.map((row) => ({ ...row, user_id: facts.userId }));
}

function answeredTopics({ attempts }: LearnerFacts, past: Past | null): ReadonlySet<string> {
  return new Set([...(past?.learner.topics.keys() ?? []), ...attempts.map((attempt) => attempt.topicId)]);
}

function progressOf({ topicId, score, state }: Topic): GapProgress {
  const { attempts, correct, questions } = state;
  return { topicId, masteryScore: score, evidence: evidenceOf(state), attempts, correct, firstAttempts: questions };
}

function gapTopics(
  { topics, prerequisites, materials }: VerifiedCurriculum,
  answered: ReadonlySet<string>,
): readonly GapTopic[] {
  const blocks = countBlocked(prerequisites);
  const parents = new Set(topics.map(({ parentId }) => parentId));
  const before = Map.groupBy(prerequisites, ({ to }) => to);
  const ofTopic = Map.groupBy(materials, ({ topicId }) => topicId);
  return topics
    .filter(({ id }) => !parents.has(id))
    .map(({ id, examWeight, estimatedStudyHours, questions }) => ({
      topicId: id,
      examWeight,
      blocksCount: blocks.get(id) ?? 0,
      estimatedStudyHours,
      questionsCount: questions,
      prerequisiteIds: (before.get(id) ?? []).map(({ from }) => from),
      materialIds: (ofTopic.get(id) ?? []).map((material) => material.id),
    }))
    .filter(({ topicId, questionsCount, materialIds }) => {
      return questionsCount > 0 || materialIds.length > 0 || answered.has(topicId);
    });
}

function prerequisitesByTopic({ prerequisites }: VerifiedCurriculum): ReadonlyMap<string, readonly string[]> {
  const before = new Map<string, readonly string[]>();
  for (const { from, to } of prerequisites) before.set(to, [...(before.get(to) ?? []), from]);
  return before;
}

/** The progress of leaves, and that of each topic above them as the mean of the leaves below it. */
function withParents({ topics }: VerifiedCurriculum, progress: readonly GapProgress[]): readonly GapProgress[] {
  const byId = new Map(topics.map((topic) => [topic.id, topic]));
  const parents = new Set(topics.flatMap(({ parentId }) => parentId ?? []));
  const below = new Map<string, VerifiedTopic[]>([...parents].map((id) => [id, []]));
  for (const leaf of topics.filter(({ id }) => !parents.has(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    for (let id = leaf.parentId; id !== null; id = byId.get(id)?.parentId ?? null) below.get(id)?.push(leaf);
  }
  const scores = new Map(progress.map(({ topicId, masteryScore }) => [topicId, masteryScore ?? 0]));
  const means = [...below].map(([topicId, leaves]): GapProgress => {
    const asked = leaves.some(({ questions }) => questions > 0);
    const weightOf = ({ questions }: VerifiedTopic): number => (asked ? questions : 1);
    const weights = leaves.reduce((sum, leaf) => sum + weightOf(leaf), 0);
    const score = leaves.reduce((sum, leaf) => sum + (scores.get(leaf.id) ?? 0) * weightOf(leaf), 0) / weights;
    return { topicId, masteryScore: score, evidence: 'none', attempts: 0, correct: 0, firstAttempts: 0 };
  });
  return [...progress.filter(({ topicId }) => !parents.has(topicId)), ...means];
}

function completedMaterials({ events }: LearnerFacts, past: Past | null): ReadonlySet<string> {
  const completed = events
    .filter((event) => event.chunkId === null && endsReading(event))
    .flatMap(({ materialId }) => (materialId === null ? [] : [materialId]));
  return new Set([...(past?.completedAt.keys() ?? []), ...completed]);
}

type RowInput = GapRowsInput & {
  readonly firstStudyDay: string;
  readonly daysOf: ReadonlyMap<string, readonly TopicDay[]>;
};

function expectedRow(gap: KnowledgeGap, input: RowInput): Row {
  const topic = input.topics.find(({ topicId }) => topicId === gap.topicId);
  const firstMs = Date.parse(`${input.firstStudyDay}T00:00:00Z`);
  const period = periodOf(gap.topicId, topic, { ...input, firstMs });
  return {
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
    identified_on: period.identifiedOn,
    resolved_on: period.resolvedOn,
    calculation_version: gap.calculationVersion,
    as_of: topic?.asOfMs ?? firstMs,
  };
}

function periodOf(
  topicId: string,
  topic: Topic | undefined,
  { daysOf, materials, model, firstStudyDay, firstMs }: RowInput & { readonly firstMs: number },
): GapPeriod {
  const days = daysOf.get(topicId) ?? [];
  return gapPeriod({
    points: days.flatMap(({ studyDay, masteryAfter }) =>
      masteryAfter === null ? [] : [{ studyDay, isGap: masteryAfter < 0.8 }],
    ),
    topicId,
    state: topic?.state ?? emptyTopicState,
    model,
    materials: materials.get(topicId),
    asOfMs: topic?.asOfMs ?? firstMs,
    score: topic?.score ?? null,
    firstStudyDay,
  });
}
