import { computeReadiness, difficultyOf } from '../algorithms/index.ts';
import type { MasteryModel, Readiness, TopicAbility } from '../algorithms/index.ts';
import type { Curriculum } from '../stores/curriculum-store.ts';

/** A topic's row, as far as readiness takes it. */
export type ReadyTopic = TopicAbility & {
  readonly topicId: string;
  readonly attempts: number;
  /** When the row was evaluated. */
  readonly asOfMs: number;
};

export type ReadyLearner = {
  /** θ_u, and the answers that it was estimated from. */
  readonly theta: number;
  readonly answers: number;
  /** Every topic with a row. */
  readonly topics: readonly ReadyTopic[];
};

export type ReadinessRules = {
  readonly exam: Curriculum['exam'];
  /** The version that the learner's rows stand under. */
  readonly model: MasteryModel;
};

/** When the latest of the topics was evaluated, which is when readiness is; 0 without any. */
export function readyAtMs(topics: readonly ReadyTopic[]): number {
  return topics.reduce((latest, { asOfMs }) => Math.max(latest, asOfMs), 0);
}

/** How a learner would do in the exam when the latest of their topics was evaluated. */
export function readinessOf({ theta, answers, topics }: ReadyLearner, { exam, model }: ReadinessRules): Readiness {
  const abilities = new Map(topics.map((topic) => [topic.topicId, topic]));
  return computeReadiness({
    topics: exam,
    learner: { theta, answers },
    abilityOf: (topicId) => abilities.get(topicId),
    difficultyOf: (topicId) => difficultyOf(model, { topicId, questionId: '' }).topic,
    coefficients: model.coefficients,
    modelVersion: model.version,
    atMs: readyAtMs(topics),
  });
}

/** What the learner's overview keeps of it: one number says nothing of its interval, so there is none where that is not enough. */
export function storedReadiness(learner: ReadyLearner, rules: ReadinessRules): number | null {
  if (rules.model.version === 0) return null; // nothing to go by, and nothing to compute
  const { score, insufficient } = readinessOf(learner, rules);
  return insufficient.length === 0 ? score : null;
}
