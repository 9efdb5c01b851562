import { computeReadiness, difficultyOf, newLearner } from '../algorithms/index.ts';
import type { ExamTopic, ReadinessLack } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import type { Curriculum, CurriculumTopic } from '../stores/curriculum-store.ts';
import { findAbility } from '../stores/dashboard-readiness-store.ts';
import { isoOf } from './dashboard-units.ts';
import { requireLearner } from './require-learner.ts';

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
  { database, curriculum, models }: Pick<App, 'database' | 'curriculum' | 'models'>,
  { userId }: { readonly userId: string },
): Promise<ReadinessAnswer> {
  const { reader } = database;
  const [outline, ability] = await Promise.all([curriculum.refresh(), findAbility(reader, userId)]);
  if (ability === null) await requireLearner(reader, userId);
  const { theta, answers, modelVersion, topics } = ability ?? { ...newLearner, modelVersion: 0, topics: [] };
  const model = await models.get(reader, modelVersion);
  const abilities = new Map(topics.map((topic) => [topic.topicId, topic]));
  const atMs = Math.max(0, ...topics.map(({ asOf }) => asOf.getTime()));
  const { systems, ...figures } = computeReadiness({
    topics: examOf(outline),
    learner: { theta, answers },
    abilityOf: (topicId) => abilities.get(topicId),
    difficultyOf: (topicId) => difficultyOf(model, { topicId, questionId: '' }).topic,
    coefficients: model.coefficients,
    modelVersion,
    atMs,
  });
  return {
    asOf: topics.length === 0 ? null : isoOf(new Date(atMs)),
    ...figures,
    systems: systems
      .map(({ systemId, ...system }) => ({ topicId: systemId, ...named(outline, systemId), ...system }))
      .sort((a, b) => a.score - b.score || (a.topicId < b.topicId ? -1 : 1)),
    modelVersion,
  };
}

/** The leaves of the curriculum that have something to learn, each in its system. */
function examOf(curriculum: Curriculum): readonly ExamTopic[] {
  return curriculum.gaps.leaves
    .filter(({ questionsCount, materialIds }) => questionsCount > 0 || materialIds.length > 0)
    .map(({ topicId, examWeight }) => {
      const system = systemOf(curriculum, topicId);
      return {
        topicId,
        systemId: system?.id ?? topicId,
        systemWeight: system?.examWeight ?? examWeight,
        weight: examWeight,
      };
    });
}

/** The ancestor of level 1, or the highest there is. */
function systemOf({ topics }: Curriculum, topicId: string): CurriculumTopic | undefined {
  let topic = topics.get(topicId);
  while (topic !== undefined && topic.level > 1 && topic.parentId !== null) {
    topic = topics.get(topic.parentId);
  }
  return topic;
}

function named({ topics }: Curriculum, topicId: string): { readonly slug: string; readonly name: string } {
  const topic = topics.get(topicId);
  return { slug: topic?.slug ?? '', name: topic?.name ?? '' };
}
