// Which topics a learner can have a gap in: those that nothing lies below. What lies above them counts as a prerequisite.
import type { TopicEdge } from './curriculum-graph.ts';
import type { GapInput, GapProgress, GapTopic } from './knowledge-gaps.ts';

export type GapOutline = {
  readonly topics: readonly {
    readonly id: string;
    readonly parentId: string | null;
    readonly examWeight: number;
    readonly blocksCount: number;
    readonly estimatedStudyHours: number | null;
  }[];
  /** In the order in which a topic names its prerequisites. */
  readonly prerequisites: readonly TopicEdge[];
  readonly questions: Iterable<{ readonly topicId: string }>;
  /** In the order in which they are to be recommended. */
  readonly materials: Iterable<{ readonly id: string; readonly topicId: string }>;
};

/** What gaps need of one version of the curriculum; the same for all learners. */
export type GapCurriculum = {
  readonly leaves: readonly GapTopic[];
  /** Prerequisites that have topics below them → their leaves, by id. */
  readonly leavesBelow: ReadonlyMap<string, readonly GapTopic[]>;
  /** Topics with prerequisites → those, in the order in which the topic names them. */
  readonly before: ReadonlyMap<string, readonly string[]>;
};

/** The leaves of the curriculum with all that makes them gaps. O(topics + edges + questions + materials). */
export function gapCurriculum({ topics, prerequisites, questions, materials }: GapOutline): GapCurriculum {
  const childrenOf = Map.groupBy(topics, ({ parentId }) => parentId);
  const questionCounts = new Map<string, number>();
  for (const { topicId } of questions) questionCounts.set(topicId, (questionCounts.get(topicId) ?? 0) + 1);
  const materialsOf = Map.groupBy(materials, ({ topicId }) => topicId);
  const before = new Map(
    [...Map.groupBy(prerequisites, ({ to }) => to)].map(([to, edges]) => [to, edges.map(({ from }) => from)]),
  );
  const leaves = new Map<string, GapTopic>();
  for (const { id, examWeight, blocksCount, estimatedStudyHours } of topics) {
    if (childrenOf.has(id)) continue;
    leaves.set(id, {
      topicId: id,
      examWeight,
      blocksCount,
      estimatedStudyHours,
      questionsCount: questionCounts.get(id) ?? 0,
      prerequisiteIds: before.get(id) ?? [],
      materialIds: (materialsOf.get(id) ?? []).map((material) => material.id),
    });
  }
  const leavesUnder = (id: string): readonly GapTopic[] => {
    const leaf = leaves.get(id);
    return leaf === undefined ? (childrenOf.get(id) ?? []).flatMap((child) => leavesUnder(child.id)) : [leaf];
  };
  const parents = new Set(prerequisites.map(({ from }) => from).filter((id) => !leaves.has(id)));
  return {
    leaves: [...leaves.values()],
    leavesBelow: new Map([...parents].map((id) => [id, leavesUnder(id).toSorted(compareIds)])),
    before,
  };
}

function compareIds(a: GapTopic, b: GapTopic): number {
  return a.topicId < b.topicId ? -1 : 1;
}

/**
 * The topics that may be gaps of a learner, and their progress with that of prerequisites that have topics below them.
 * A topic may be a gap where the curriculum has questions or materials for it, or where the learner has answered in it.
 * Formula: a parent's mastery = mean of its leaves weighted by question count, untried leaves as 0; unweighted where no leaf
 * has a question. Edge case: what was answered in a parent itself counts nothing.
 */
export function gapInputOf(
  { leaves, leavesBelow, before }: GapCurriculum,
  progress: readonly GapProgress[],
): Pick<GapInput, 'topics' | 'progress' | 'before'> {
  const progressOf = new Map(progress.map((row) => [row.topicId, row]));
  const topics = leaves.filter(
    ({ topicId, questionsCount, materialIds }) =>
      questionsCount > 0 || materialIds.length > 0 || (progressOf.get(topicId)?.attempts ?? 0) > 0,
  );
  const scoreOf = ({ topicId }: GapTopic): number => progressOf.get(topicId)?.masteryScore ?? 0;
  const parents = [...leavesBelow].map(([topicId, below]) => parentProgress(topicId, meanScore(below, scoreOf)));
  return { topics, progress: [...progress.filter(({ topicId }) => !leavesBelow.has(topicId)), ...parents], before };
}

function meanScore(leaves: readonly GapTopic[], scoreOf: (leaf: GapTopic) => number): number {
  const questions = leaves.reduce((sum, leaf) => sum + leaf.questionsCount, 0);
  if (questions > 0) return leaves.reduce((sum, leaf) => sum + scoreOf(leaf) * leaf.questionsCount, 0) / questions;
  return leaves.reduce((sum, leaf) => sum + scoreOf(leaf), 0) / leaves.length;
}

function parentProgress(topicId: string, masteryScore: number): GapProgress {
  return { topicId, masteryScore, evidence: 'none', attempts: 0, correct: 0, firstAttempts: 0 };
}
