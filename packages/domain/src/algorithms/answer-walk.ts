// A learner's answers, one after the other, with what mastery version 2 knew just before each.
import { difficultyOf, type Counts, type MasteryModel } from './mastery-model.ts';
import {
  moveAbility,
  newLearner,
  newTopic,
  type LearnerAbility,
  type QuestionAbility,
  type Standing,
  type TopicAbility,
} from './mastery-v2.ts';

export type ModelAnswer = {
  readonly questionId: string;
  readonly topicId: string;
  readonly isCorrect: boolean;
  readonly atMs: number;
};

export type AnswerCounts = Pick<MasteryModel, 'all' | 'topics' | 'questions'>;

export type AbilityWalk = {
  /** What is known just before the next answer. */
  standingBefore(answer: Omit<ModelAnswer, 'isCorrect' | 'atMs'>): Standing;
  /** Takes the next answer, in canonical order. */
  take(answer: ModelAnswer, standing: Standing): void;
};

export type WalkOptions = {
  /** Taken off the counts. */
  readonly without?: AnswerCounts;
  /** What the learner's answers before have come to. */
  readonly from?: LearnerAbility & {
    readonly topics: ReadonlyMap<string, TopicAbility>;
    readonly questions: ReadonlyMap<string, QuestionAbility>;
  };
};

/** One learner's way through their answers under frozen counts. Holds what it has taken. */
export function startWalk(counts: AnswerCounts, { without, from }: WalkOptions = {}): AbilityWalk {
  const topics = new Map(from?.topics);
  const questions = new Map(from?.questions);
  let learner: LearnerAbility = from ?? newLearner;
  return {
    standingBefore: (answer) => ({
      difficulty: difficultyOf(counts, answer, without),
      learner,
      topic: topics.get(answer.topicId) ?? newTopic,
      question: questions.get(answer.questionId),
    }),
    take: ({ questionId, topicId, isCorrect, atMs }, standing) => {
      const moved = moveAbility(standing, isCorrect);
      learner = moved.learner;
      topics.set(topicId, { ...moved.topic, lastAtMs: atMs });
      questions.set(questionId, { ...moved.question, lastAtMs: atMs });
    },
  };
}

/** How often each question and topic was answered, and how often rightly. */
export function countAnswers(answers: Iterable<ModelAnswer>): AnswerCounts {
  const topics = new Map<string, Counts>();
  const questions = new Map<string, Counts>();
  let all: Counts = { right: 0, total: 0 };
  for (const { questionId, topicId, isCorrect } of answers) {
    all = oneMore(all, isCorrect);
    topics.set(topicId, oneMore(topics.get(topicId), isCorrect));
    questions.set(questionId, oneMore(questions.get(questionId), isCorrect));
  }
  return { all, topics, questions };
}

function oneMore(counts: Counts | undefined, isCorrect: boolean): Counts {
  const { right, total } = counts ?? { right: 0, total: 0 };
  return { right: right + (isCorrect ? 1 : 0), total: total + 1 };
}
