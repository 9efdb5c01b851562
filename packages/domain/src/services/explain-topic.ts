import { explainGapTerms, explainImportance } from '../algorithms/index.ts';
import type { GapTermText, ImportanceTermText } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import { isoOfText } from '../database/index.ts';
import { DomainError } from '../errors.ts';
import { findGapOfTopic, findTopicState } from '../stores/dashboard-gap-store.ts';
import type { GapRow } from '../stores/dashboard-gap-store.ts';
import { explainMastery } from './explain-mastery.ts';
import type { MasteryExplanation } from './explain-mastery.ts';

export type GapExplanationItem = Pick<
  GapRow,
  | 'severity'
  | 'priorityScore'
  | 'isReady'
  | 'blockedBy'
  | 'estimatedHours'
  | 'reasons'
  | 'identifiedOn'
  | 'calculationVersion'
> & {
  /** Place among the learner's open gaps, from 1 on. */
  readonly rank: number;
  /** Added from first to last, their contributions are the priority to the bit. */
  readonly terms: readonly GapTermText[];
  /** Version 2: added from first to last, what each term's share of the need was multiplied by. */
  readonly importance: readonly ImportanceTermText[];
  readonly asOf: string;
};

export type TopicExplanation = {
  readonly topicId: string;
  readonly slug: string;
  readonly name: string;
  /** Null before the first answer in the topic. */
  readonly mastery: MasteryExplanation | null;
  /** Null where the topic is none of the learner's open gaps. */
  readonly gap: GapExplanationItem | null;
};

/**
 * Where a learner's score of a topic comes from, and its rank among their gaps: the stored numbers taken apart.
 * Throws `not_found` for an unknown topic or learner.
 */
export async function explainTopic(
  app: Pick<App, 'database' | 'models' | 'requireLearner'>,
  asked: { readonly userId: string; readonly topicId: string },
): Promise<TopicExplanation> {
  const { database } = app;
  const [topic, gap] = await Promise.all([
    findTopicState(database.reader, asked),
    findGapOfTopic(database.reader, asked),
  ]);
  if (topic === null) throw new DomainError('not_found', `There is no topic ${asked.topicId}.`, { path: 'topicId' });
  if (topic.score === null && gap === null) await app.requireLearner(database.reader, asked.userId);
  const { topicId, slug, name } = topic;
  return {
    topicId,
    slug,
    name,
    mastery: topic.score === null ? null : await explainMastery(app, { userId: asked.userId, topic }),
    gap: gap === null ? null : gapOf(gap),
  };
}

function gapOf(row: GapRow & { readonly rank: number }): GapExplanationItem {
  return {
    severity: row.severity,
    priorityScore: row.priorityScore,
    rank: row.rank,
    terms: explainGapTerms({ version: row.calculationVersion, terms: row.terms }),
    importance: explainImportance(row.importance),
    isReady: row.isReady,
    blockedBy: row.blockedBy,
    estimatedHours: row.estimatedHours,
    reasons: row.reasons,
    identifiedOn: row.identifiedOn,
    calculationVersion: row.calculationVersion,
    asOf: isoOfText(row.asOf),
  };
}
