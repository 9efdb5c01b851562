import {
  DEFAULT_GAP_VERSION,
  explainGap,
  gapScoreOf,
  type GapExplanation,
  type GapFacts,
  type GapVersion,
} from './gap-priority.ts';
import { gapPath, type Prerequisites } from './gap-path.ts';
import { gapReasons, type GapReason } from './gap-reasons.ts';
import { isGapScore } from './gap-period.ts';
import type { Evidence } from './mastery-v1.ts';
import { NONE_OF_LATE, type RecentFailures } from './recent-failures.ts';

const MAX_GAPS = 50;
const MAX_MATERIALS = 3;
const PREREQUISITE_MET_SCORE = 0.6;
const HEAVY_EXAM_WEIGHT = 5;
const HOURS_PER_QUESTION = 0.1;

export type GapSeverity = 'critical' | 'high' | 'medium' | 'low';

/** What the curriculum says of a topic. */
export type GapTopic = {
  readonly topicId: string;
  /** Own or inherited, 0 to 10. */
  readonly examWeight: number;
  /** Topics that this one is a direct or indirect prerequisite of. */
  readonly blocksCount: number;
  readonly estimatedStudyHours: number | null;
  readonly questionsCount: number;
  /** Direct prerequisites. */
  readonly prerequisiteIds: readonly string[];
  /** In the order in which they are to be recommended. */
  readonly materialIds: readonly string[];
};

/** What the learner has done in a topic. */
export type GapProgress = {
  readonly topicId: string;
  readonly masteryScore: number | null;
  readonly evidence: Evidence;
  readonly attempts: number;
  readonly correct: number;
  /** Questions tried: those whose first attempt was in this topic. */
  readonly firstAttempts: number;
};

export type GapInput = {
  readonly version?: GapVersion;
  /** The topics a learner practises in; those above them are no gaps of their own. */
  readonly topics: readonly GapTopic[];
  /** Rows of any topic, in any order; a topic without one is untried. */
  readonly progress: readonly GapProgress[];
  /** By topic; without an entry, none was tried of late. */
  readonly recentFailures: ReadonlyMap<string, RecentFailures>;
  readonly completedMaterialIds: ReadonlySet<string>;
  /** Direct prerequisites of topics that are not among `topics`: what a path goes on by behind them. */
  readonly before?: ReadonlyMap<string, readonly string[]>;
};

export type KnowledgeGap = {
  readonly topicId: string;
  readonly severity: GapSeverity;
  /** 1 − mastery. */
  readonly gapScore: number;
  readonly priorityScore: number;
  readonly explanation: GapExplanation;
  readonly attempts: number;
  readonly accuracy: number | null;
  readonly recentFailureRate: number | null;
  readonly untriedShare: number;
  readonly examWeight: number;
  readonly blocksCount: number;
  /** Whether every prerequisite is met. */
  readonly isReady: boolean;
  /** Prerequisites that are not met, in the curriculum's order. */
  readonly blockedBy: readonly string[];
  /** All that is to be learned before, directly and behind what blocks it, in order. */
  readonly path: readonly string[];
  readonly estimatedHours: number | null;
  /** Ids of materials of the topic that are not completed yet, at most 3. */
  readonly recommendedMaterials: readonly string[];
  readonly reasons: readonly GapReason[];
  readonly calculationVersion: GapVersion;
};

type Candidate = {
  readonly topic: GapTopic;
  readonly progress: GapProgress;
  readonly recent: RecentFailures;
  readonly facts: GapFacts;
  readonly explanation: GapExplanation;
};

/**
 * The learner's most urgent gaps at `asOfMs`, from rows in any order: at most 50 topics below 0.8, the most urgent first,
 * ties by topic id.
 * Formula: priority as `explainGap`; accuracy = right / attempts; untried share = 1 − questions tried / questions;
 * estimated hours = the curriculum's hours · (1 − mastery); a prerequisite is met from a mastery of 0.6 on.
 * Symbols: scores and shares in [0, 1]; hours ≥ 0.
 * Edge cases: never practised, mastery counts as 0 (and does not meet a prerequisite) and accuracy is null; a topic
 * whose questions are not known is untried wholly before the first answer and not at all after it; without hours in the
 * curriculum 6 minutes a question, null where neither is known. Throws RangeError on a topic given twice.
 * O(topics log topics).
 */
export function computeKnowledgeGaps(input: GapInput): readonly KnowledgeGap[] {
  const learner = learnerOf(input);
  return candidatesOf(input, learner.progressOf, isGapScore)
    .sort(compareUrgency)
    .slice(0, MAX_GAPS)
    .map((candidate) => gapOf(candidate, learner));
}

/**
 * The topics at 0.8 or above, by topic id: what a gap says of itself once it is resolved. Its numbers are those of today;
 * nothing stands before it, is left to do for it, or speaks for it.
 * Throws RangeError on a topic given twice. O(topics log topics).
 */
export function computeResolvedGaps(input: GapInput): readonly KnowledgeGap[] {
  const learner = learnerOf(input);
  const done = { isReady: true, blockedBy: [], path: [], estimatedHours: 0, recommendedMaterials: [], reasons: [] };
  return candidatesOf(input, learner.progressOf, (score) => !isGapScore(score))
    .sort((a, b) => (a.topic.topicId < b.topic.topicId ? -1 : 1))
    .map((candidate) => ({ ...gapOf(candidate, learner), ...done }));
}

type GapLearner = {
  readonly progressOf: ReadonlyMap<string, GapProgress>;
  readonly prerequisites: Prerequisites;
  readonly completedMaterialIds: ReadonlySet<string>;
};

function learnerOf({ progress, topics, before, completedMaterialIds }: GapInput): GapLearner {
  const progressOf = byTopicId(progress);
  const topicOf = byTopicId(topics);
  const prerequisites: Prerequisites = {
    before: (id) => topicOf.get(id)?.prerequisiteIds ?? before?.get(id) ?? [],
    isMet: (id) => (progressOf.get(id)?.masteryScore ?? 0) >= PREREQUISITE_MET_SCORE,
  };
  return { progressOf, prerequisites, completedMaterialIds };
}

function candidatesOf(
  { topics, recentFailures: recentOf, version = DEFAULT_GAP_VERSION }: GapInput,
  progressOf: ReadonlyMap<string, GapProgress>,
  isWanted: (score: number | null) => boolean,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const topic of byTopicId(topics).values()) {
    const progress = progressOf.get(topic.topicId);
    if (!isWanted(progress?.masteryScore ?? null)) continue;
    const recent = recentOf.get(topic.topicId);
    const isUntouched = progress === undefined && recent === undefined;
    candidates.push(isUntouched ? untouched(topic, version) : candidateOf(topic, version, { progress, recent }));
  }
  return candidates;
}

type OfLearner = { readonly progress?: GapProgress | undefined; readonly recent?: RecentFailures | undefined };

function candidateOf(topic: GapTopic, version: GapVersion, { progress, recent }: OfLearner): Candidate {
  const known = { progress: progress ?? untried(topic.topicId), recent: recent ?? NONE_OF_LATE };
  const facts = factsOf(topic, known.progress, known.recent);
  return { topic, ...known, facts, explanation: explainGap(facts, version) };
}

// What nobody has touched is the same for all learners, and most of what they lack: worked out once for a topic of a curriculum.
const untouchedOf = new WeakMap<GapTopic, Map<GapVersion, Candidate>>();

function untouched(topic: GapTopic, version: GapVersion): Candidate {
  const versions = untouchedOf.get(topic) ?? new Map<GapVersion, Candidate>();
  const candidate = versions.get(version) ?? candidateOf(topic, version, {});
  untouchedOf.set(topic, versions.set(version, candidate));
  return candidate;
}

/**
 * How bad a gap is: critical (accuracy < 0.5 and mastery < 0.3), high (< 0.6 and < 0.5), medium (< 0.7 and < 0.7), else
 * low.
 * Edge case: a topic never practised shows no failing, so what it is worth decides: high from an exam weight of 5 on,
 * else medium.
 */
export function gapSeverity({
  accuracy,
  masteryScore,
  examWeight,
}: {
  readonly accuracy: number | null;
  readonly masteryScore: number | null;
  readonly examWeight: number;
}): GapSeverity {
  if (accuracy === null || masteryScore === null) return examWeight >= HEAVY_EXAM_WEIGHT ? 'high' : 'medium';
  if (accuracy < 0.5 && masteryScore < 0.3) return 'critical';
  if (accuracy < 0.6 && masteryScore < 0.5) return 'high';
  return accuracy < 0.7 && masteryScore < 0.7 ? 'medium' : 'low';
}

function gapOf({ topic, progress, recent, facts, explanation }: Candidate, learner: GapLearner): KnowledgeGap {
  const { topicId, examWeight, blocksCount } = topic;
  const { masteryScore, attempts } = progress;
  const accuracy = attempts === 0 ? null : progress.correct / attempts;
  const blockedBy = topic.prerequisiteIds.filter((id) => !learner.prerequisites.isMet(id));
  return {
    topicId,
    severity: gapSeverity({ accuracy, masteryScore, examWeight }),
    gapScore: gapScoreOf(masteryScore),
    priorityScore: explanation.score,
    explanation,
    attempts,
    accuracy,
    recentFailureRate: recent.rate,
    untriedShare: facts.untriedShare,
    examWeight,
    blocksCount,
    isReady: blockedBy.length === 0,
    blockedBy,
    path: gapPath(topicId, learner.prerequisites),
    estimatedHours: estimateHours(topic, masteryScore),
    recommendedMaterials: topic.materialIds
      .filter((id) => !learner.completedMaterialIds.has(id))
      .slice(0, MAX_MATERIALS),
    reasons: gapReasons({
      ...topic,
      ...progress,
      recentAttempts: recent.attempts,
      recentWrong: recent.wrong,
      blockedBy: blockedBy.length,
    }),
    calculationVersion: explanation.version,
  };
}

function factsOf(topic: GapTopic, progress: GapProgress, recent: RecentFailures): GapFacts {
  return {
    masteryScore: progress.masteryScore,
    examWeight: topic.examWeight,
    blocksCount: topic.blocksCount,
    untriedShare: untriedShareOf(topic, progress),
    recentFailureRate: recent.rate,
  };
}

/** Questions may have left the curriculum since they were tried. */
function untriedShareOf({ questionsCount }: GapTopic, { attempts, firstAttempts }: GapProgress): number {
  if (questionsCount === 0) return attempts === 0 ? 1 : 0;
  return Math.max(0, 1 - firstAttempts / questionsCount);
}

function estimateHours({ estimatedStudyHours, questionsCount }: GapTopic, masteryScore: number | null): number | null {
  const hours = estimatedStudyHours ?? (questionsCount === 0 ? null : questionsCount * HOURS_PER_QUESTION);
  return hours === null ? null : hours * gapScoreOf(masteryScore);
}

function compareUrgency(a: Candidate, b: Candidate): number {
  return b.explanation.score - a.explanation.score || (a.topic.topicId < b.topic.topicId ? -1 : 1);
}

function untried(topicId: string): GapProgress {
  return { topicId, masteryScore: null, evidence: 'none', attempts: 0, correct: 0, firstAttempts: 0 };
}

function byTopicId<T extends { readonly topicId: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map(rows.map((row) => [row.topicId, row]));
  if (map.size !== rows.length) throw new RangeError('a topic is given twice');
  return map;
}
