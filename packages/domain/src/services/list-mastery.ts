import { isMastered } from '../algorithms/index.ts';
import type { Evidence, MasteryTrend } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { findMastery } from '../stores/dashboard-mastery-store.ts';
import type { MasteryOrder, MasteryRow } from '../stores/dashboard-mastery-store.ts';
import { findSystemMastery } from '../stores/dashboard-system-store.ts';
import type { SystemRow } from '../stores/dashboard-system-store.ts';
import { isoOf, latestOf, minutesOf } from './dashboard-units.ts';
import { requireLearner } from './require-learner.ts';

export type TopicMasteryItem = {
  readonly topicId: string;
  readonly parentId: string | null;
  readonly level: number;
  readonly slug: string;
  readonly name: string;
  readonly examWeight: number;
  /** Null before the first answer. */
  readonly mastery: number | null;
  readonly confidence: number | null;
  readonly retrievalStrength: number | null;
  readonly firstAttemptAccuracy: number | null;
  readonly overallAccuracy: number | null;
  readonly materialCompletion: number | null;
  readonly questions: number;
  readonly correct: number;
  readonly materialsCompleted: number;
  readonly materialsTotal: number;
  readonly minutes: number;
  readonly meanResponseSeconds: number | null;
  readonly trend: MasteryTrend;
  readonly evidence: Evidence;
  readonly isMastered: boolean;
  readonly nextReviewDay: string | null;
  readonly firstStudiedAt: string;
  readonly lastStudiedAt: string;
  readonly calculationVersion: number;
  readonly asOf: string;
};

export type SystemMasteryItem = {
  readonly topicId: string;
  readonly slug: string;
  readonly name: string;
  readonly examWeight: number;
  /** Mean of its leaves weighted by question count, an untried leaf as 0. */
  readonly mastery: number;
  /** Leaves, and those of them with a score. */
  readonly topicsTotal: number;
  readonly topicsPractised: number;
  readonly questions: number;
  readonly correct: number;
};

export type MasteryList = {
  /** The latest instant at which one of the rows was evaluated; null without any. */
  readonly asOf: string | null;
  readonly topics: readonly TopicMasteryItem[];
  /** All systems, whatever topics were asked for. */
  readonly systems: readonly SystemMasteryItem[];
};

export type MasteryQuery = {
  readonly userId: string;
  readonly topicIds?: readonly string[] | undefined;
  /** Default: weakest first. Topics without a score come last, but for order by name. */
  readonly order?: MasteryOrder | undefined;
  readonly limit: number;
};

/** A learner's mastery by topic and by system. Throws `not_found` for an unknown learner. */
export async function listMastery(
  { database }: Pick<App, 'database'>,
  { userId, topicIds, order = 'weakest', limit }: MasteryQuery,
): Promise<MasteryList> {
  const [topics, systems] = await Promise.all([
    findMastery(database.reader, { userId, topicIds: topicIds ?? null, order, limit }),
    findSystemMastery(database.reader, userId),
  ]);
  if (topics.length === 0) await requireLearner(database.reader, userId);
  return {
    asOf: latestOf([...topics, ...systems].map((row) => isoOf(row.asOf))),
    topics: topics.map(topicItem),
    systems: systems.map(systemItem),
  };
}

function topicItem(row: MasteryRow): TopicMasteryItem {
  return {
    topicId: row.topicId,
    parentId: row.parentId,
    level: row.level,
    slug: row.slug,
    name: row.name,
    examWeight: row.examWeight,
    mastery: row.masteryScore,
    confidence: row.confidenceScore,
    retrievalStrength: row.retrievalStrength,
    firstAttemptAccuracy: row.firstAttemptAccuracy,
    overallAccuracy: row.overallAccuracy,
    materialCompletion: row.materialCompletion,
    questions: row.questionsAttempted,
    correct: row.questionsCorrect,
    materialsCompleted: row.materialsCompleted,
    materialsTotal: row.materialsTotal,
    minutes: minutesOf(row.studySeconds),
    meanResponseSeconds: row.meanResponseSeconds,
    trend: row.trend,
    evidence: row.evidence,
    isMastered: isMastered(row.masteryScore, row.evidence),
    nextReviewDay: row.nextReviewDay,
    firstStudiedAt: isoOf(row.firstStudiedAt),
    lastStudiedAt: isoOf(row.lastStudiedAt),
    calculationVersion: row.calculationVersion,
    asOf: isoOf(row.asOf),
  };
}

function systemItem(row: SystemRow): SystemMasteryItem {
  return {
    topicId: row.topicId,
    slug: row.slug,
    name: row.name,
    examWeight: row.examWeight,
    mastery: row.masteryScore,
    topicsTotal: row.topicsTotal,
    topicsPractised: row.topicsPractised,
    questions: row.questionsAttempted,
    correct: row.questionsCorrect,
  };
}
