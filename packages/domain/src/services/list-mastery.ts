import { z } from 'zod';
import { isMastered } from '../algorithms/index.ts';
import type { Evidence, MasteryTrend } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { isoOfText } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { findMastery } from '../stores/dashboard-mastery-store.ts';
import type { MasteryOrder, MasteryRow } from '../stores/dashboard-mastery-store.ts';
import { findSystemMastery } from '../stores/dashboard-system-store.ts';
import type { SystemRow } from '../stores/dashboard-system-store.ts';
import { latestOf, minutesOf } from './dashboard-units.ts';
import { createKeyCursor, pageOf } from './page-cursor.ts';

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
  readonly nextCursor: string | null;
};

export type MasteryQuery = {
  readonly userId: string;
  readonly topicIds?: readonly string[] | undefined;
  /** Default: weakest first. Topics without a score come last, but for order by name. */
  readonly order?: MasteryOrder | undefined;
  readonly limit: number;
  /** Of a page in the same order. */
  readonly cursor?: string | null | undefined;
};

const orders = ['weakest', 'strongest', 'name'] as const;
const cursors = createKeyCursor(
  'mastery',
  z.strictObject({ order: z.enum(orders), score: z.number().min(0).max(1).nullable(), topicId: z.guid() }),
);

/**
 * A learner's mastery by topic and by system. Throws `invalid` for a cursor of another order or none of ours, `not_found` for an
 * unknown learner.
 */
export async function listMastery(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, topicIds, order = 'weakest', limit, cursor }: MasteryQuery,
): Promise<MasteryList> {
  const after = cursors.decode(cursor);
  if (after !== null && after.order !== order) {
    throw new DomainError('invalid', 'The cursor is of another order.', { path: 'cursor' });
  }
  const [rows, systems] = await Promise.all([
    findMastery(database.reader, { userId, topicIds: topicIds ?? null, order, after, limit: limit + 1 }),
    findSystemMastery(database.reader, userId),
  ]);
  if (rows.length === 0) await requireLearner(database.reader, userId);
  const { items: topics, nextCursor } = pageOf(rows, {
    limit,
    cursorOf: ({ masteryScore, topicId }) =>
      cursors.encode({ order, score: order === 'name' ? null : masteryScore, topicId }),
  });
  return {
    asOf: isoOfText(latestOf([...topics, ...systems].map((row) => row.asOf))),
    topics: topics.map(topicItem),
    systems: systems.map(systemItem),
    nextCursor,
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
    firstStudiedAt: isoOfText(row.firstStudiedAt),
    lastStudiedAt: isoOfText(row.lastStudiedAt),
    calculationVersion: row.calculationVersion,
    asOf: isoOfText(row.asOf),
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
