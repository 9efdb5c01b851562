// A topic's score at a given time, by both versions of mastery.
import { difficultyOf, type MasteryModel } from './mastery-model.ts';
import { masteryV1, type MaterialProgress, type TopicState } from './mastery-v1.ts';
import { masteryV2, type Standing } from './mastery-v2.ts';

export type TopicAt = {
  readonly topicId: string;
  /** Materials of the topic at that time. */
  readonly progress: MaterialProgress;
  readonly model: MasteryModel;
};

export type TopicScores = {
  /** The one that counts: version 2 once a version of its model was learned from answers, else version 1. */
  readonly score: number | null;
  readonly scoreV1: number | null;
  readonly scoreV2: number | null;
  readonly calculationVersion: 1 | 2;
};

/** A topic's scores at `atMs`; all null before its first answer. */
export function scoreTopic(state: TopicState, atMs: number, { topicId, progress, model }: TopicAt): TopicScores {
  const calculationVersion = calculationVersionOf(model);
  const scoreV1 = masteryV1(state, atMs, progress);
  if (scoreV1 === null) return { score: null, scoreV1, scoreV2: null, calculationVersion };
  const scoreV2 = masteryV2(model.coefficients, topicStanding(state, { topicId, model }), atMs);
  return { score: calculationVersion === 1 ? scoreV1 : scoreV2, scoreV1, scoreV2, calculationVersion };
}

/** What mastery version 2 knows of a topic that has an answer. */
export function topicStanding(
  state: TopicState,
  { topicId, model }: Pick<TopicAt, 'topicId' | 'model'>,
): Omit<Standing, 'question'> {
  const { topic } = difficultyOf(model, { topicId, questionId: '' });
  return {
    difficulty: { question: topic, topic },
    learner: { theta: state.learnerTheta, answers: 0 },
    topic: state,
  };
}

/** The version of mastery that a model makes the score of. */
export function calculationVersionOf({ version }: Pick<MasteryModel, 'version'>): 1 | 2 {
  return version === 0 ? 1 : 2;
}
