// Readiness from the fold; what the exam asks about is taken apart here once more.
import { computeReadiness, difficultyOf } from '../../algorithms/index.ts';
import type { ExamTopic, MasteryModel } from '../../algorithms/index.ts';
import type { VerifiedCurriculum, VerifiedTopic } from '../../stores/verify-curriculum-store.ts';
import type { MasteryInput, Topic } from './expected-mastery.ts';

export type ReadinessGiven = Pick<MasteryInput, 'fold'> & {
  readonly curriculum: VerifiedCurriculum;
  readonly model: MasteryModel;
};

/** As an overview keeps it: null where anything makes it insufficient. */
export function expectedReadiness(
  topics: readonly Topic[],
  { fold, curriculum, model }: ReadinessGiven,
): number | null {
  const { theta, answers } = fold.state;
  const { score, insufficient } = computeReadiness({
    topics: askedTopics(curriculum),
    learner: { theta, answers },
    abilityOf: (topicId) => topics.find((topic) => topic.topicId === topicId)?.state,
    difficultyOf: (topicId) => difficultyOf(model, { topicId, questionId: '' }).topic,
    coefficients: model.coefficients,
    modelVersion: model.version,
    atMs: Math.max(0, ...topics.map(({ asOfMs }) => asOfMs)),
  });
  return insufficient.length === 0 ? score : null;
}

function askedTopics({ topics, materials }: VerifiedCurriculum): readonly ExamTopic[] {
  const parents = new Set(topics.map(({ parentId }) => parentId));
  const withMaterials = new Set(materials.map(({ topicId }) => topicId));
  const systemOf = (topic: VerifiedTopic): VerifiedTopic => {
    const above = topics.find(({ id }) => id === topic.parentId);
    return topic.level <= 1 || above === undefined ? topic : systemOf(above);
  };
  return topics
    .filter(({ id, questions }) => !parents.has(id) && (questions > 0 || withMaterials.has(id)))
    .map((topic) => {
      const { id, examWeight } = systemOf(topic);
      return { topicId: topic.id, systemId: id, systemWeight: examWeight, weight: topic.examWeight };
    });
}
