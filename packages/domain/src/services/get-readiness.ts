import { newLearner } from '../algorithms/index.ts';
import type { ReadinessLack } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import type { Curriculum } from '../stores/curriculum-store.ts';
import { findAbility } from '../stores/dashboard-readiness-store.ts';
import { readinessOf, readyAtMs } from './learner-readiness.ts';

export type SystemReadinessItem = {
  readonly topicId: string;
  readonly slug: string;
  readonly name: string;
  /** Part of the exam. */
  readonly share: number;
  readonly score: number;
  readonly coverage: number;
};

export type ReadinessAnswer = {
  /** The latest instant at which a topic's row was evaluated; null without any. */
  readonly asOf: string | null;
  /** Expected share right of 200 questions drawn by exam weight; null where the curriculum has none. */
  readonly score: number | null;
  /** Between the two lie 9 in 10 such exams. */
  readonly low: number | null;
  readonly high: number | null;
  /** Part of the exam, by weight, with at least three answers in its topic. */
  readonly coverage: number;
  /** The weakest first. */
  readonly systems: readonly SystemReadinessItem[];
  /** Why the numbers say little; empty where they say enough. */
  readonly insufficient: readonly ReadinessLack[];
  readonly modelVersion: number;
};

/** How a learner would do in the exam, as of their rows. Throws `not_found` for an unknown learner. */
export async function getReadiness(
  { database, curriculum, models, requireLearner }: Pick<App, 'database' | 'curriculum' | 'models' | 'requireLearner'>,
  { userId }: { readonly userId: string },
): Promise<ReadinessAnswer> {
  const { reader } = database;
  const [outline, ability] = await Promise.all([curriculum.refresh(), findAbility(reader, userId)]);
  if (ability === null) await requireLearner(reader, userId);
  const { modelVersion, ...learner } = ability ?? { ...newLearner, modelVersion: 0, topics: [] };
  const model = await models.get(reader, modelVersion);
  const { systems, ...figures } = readinessOf(learner, { exam: outline.exam, model });
  return {
    asOf: learner.topics.length === 0 ? null : new Date(readyAtMs(learner.topics)).toISOString(),
    ...figures,
    systems: systems
      .map(({ systemId, ...system }) => ({ topicId: systemId, ...named(outline, systemId), ...system }))
      .sort((a, b) => a.score - b.score || (a.topicId < b.topicId ? -1 : 1)),
    modelVersion,
  };
}

function named({ topics }: Curriculum, topicId: string): { readonly slug: string; readonly name: string } {
  const topic = topics.get(topicId);
  return { slug: topic?.slug ?? '', name: topic?.name ?? '' };
}
