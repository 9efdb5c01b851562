import { expect } from 'chai';
import {
  chanceOfRight,
  evaluateMastery,
  masteryV2,
  moveAbility,
  newLearner,
  newTopic,
  questionTerms,
  topicTerms,
  type Coefficients,
  type QuestionAbility,
  type Standing,
  type TopicAbility,
} from '@studyin/domain/algorithms';
import { needsReferenceData, readReference, readStatsCloze } from './reference-data.ts';

type Step = {
  readonly input: {
    readonly user: number;
    readonly question: number;
    readonly topic: number;
    readonly correct: 0 | 1;
    readonly t: number;
  };
  readonly before: {
    readonly a_q: number;
    readonly a_topic: number;
    readonly theta_u: number;
    readonly theta_ut: number;
    readonly recent: number;
    readonly theta_uq: number;
    readonly v2_question_p: number;
    readonly v2_topic_mastery: number;
  };
  readonly surprise: number;
};

type Weights = Readonly<Record<string, number>>;
type Reference = {
  readonly weights: { readonly v2q_time: Weights; readonly v2t_time: Weights };
  readonly tol: number;
  readonly steps: readonly Step[];
};

const DATA = 'data/stats_cloze.csv';
const VECTORS = 'vectors/mastery_v1_v2_reference.json';

// Their names of our terms.
const questionNames: Readonly<Record<(typeof questionTerms)[number], string>> = {
  base: 'bias',
  question: 'a',
  learner: 'th_u',
  topic: 'th_us',
  recent: 'recent_us',
  new_topic: 'new_topic',
  own_question: 'th_ui',
  seen_question: 'seen_q',
  topic_pause: 'ln1p_min_topic',
  question_pause: 'ln1p_min_q',
};
const topicNames: Readonly<Record<(typeof topicTerms)[number], string>> = {
  base: 'bias',
  topic_difficulty: 'a_topic',
  learner: 'th_u',
  topic: 'th_us',
  recent: 'recent_us',
  new_topic: 'new_topic',
  topic_pause: 'ln1p_min_topic',
};

function coefficientsOf({ v2q_time: question, v2t_time: topic }: Reference['weights']): Coefficients {
  return {
    question: questionTerms.map((term) => question[questionNames[term]] ?? NaN),
    topic: topicTerms.map((term) => topic[topicNames[term]] ?? NaN),
  };
}

const golden = needsReferenceData('mastery version 2 against a second implementation', VECTORS);
describe(golden.title, () => {
  before(function () {
    if (golden.isMissing) this.skip();
  });

  it('gives the same state, surprise, mastery and chance before each of 90 real answers, to 1e-6', () => {
    const reference = JSON.parse(readReference(VECTORS)) as Reference; // as: its shape is described beside it
    const coefficients = coefficientsOf(reference.weights);
    const { tol, steps } = reference;
    expect(steps).to.have.length(90);
    for (const ofLearner of Map.groupBy(steps, ({ input }) => input.user).values()) {
      let learner = newLearner;
      const topics = new Map<number, TopicAbility>();
      const questions = new Map<number, QuestionAbility>();
      for (const { input, before: expected, surprise } of ofLearner) {
        const atMs = input.t * 1000;
        const standing: Standing = {
          difficulty: { question: expected.a_q, topic: expected.a_topic },
          learner,
          topic: topics.get(input.topic) ?? newTopic,
          question: questions.get(input.question),
        };
        expect(standing.learner.theta).closeTo(expected.theta_u, tol);
        expect(standing.topic.theta).closeTo(expected.theta_ut, tol);
        expect(standing.topic.recent).closeTo(expected.recent, tol);
        expect(standing.question?.theta ?? 0).closeTo(expected.theta_uq, tol);
        expect(chanceOfRight(coefficients, standing, atMs)).closeTo(expected.v2_question_p, tol);
        // The reference reads θ_u as it stands now; the product as far as the topic has taken it up.
        const current = { ...standing, topic: { ...standing.topic, learnerTheta: learner.theta } };
        expect(masteryV2(coefficients, current, atMs)).closeTo(expected.v2_topic_mastery, tol);
        const moved = moveAbility(standing, input.correct === 1);
        expect((moved.topic.theta - standing.topic.theta) / 0.2).closeTo(surprise, 10 * tol);
        learner = moved.learner;
        topics.set(input.topic, { ...moved.topic, lastAtMs: atMs });
        questions.set(input.question, { ...moved.question, lastAtMs: atMs });
      }
    }
  });
});

const evaluation = needsReferenceData('mastery version 2 on 55,122 real answers, from nothing', DATA);
describe(evaluation.title, function () {
  this.timeout(60_000);

  before(function () {
    if (evaluation.isMissing) this.skip();
  });

  it('forecasts the next answer with an AUC of 0.84 and a log-loss of 0.49, and mastery with an AUC of 0.775', () => {
    const answers = [...readStatsCloze()]
      .flatMap(([learnerId, ofLearner]) => ofLearner.map((answer) => ({ ...answer, learnerId })))
      .sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
    const { attempts, auc, logLoss, ece, versions } = evaluateMastery(answers);
    expect(attempts).equal(55_122);
    expect(versions.map((version) => version.answers)).eql([3_000, 6_000, 12_000, 24_000, 48_000]);
    expect(auc.nextQuestion).within(0.843, 0.87);
    expect(logLoss.nextQuestion).within(0.45, 0.485);
    expect(auc.masteryV2).within(0.775, 0.8);
    expect(logLoss.masteryV2).within(0.54, 0.568);
    expect(auc.masteryV1).closeTo(0.73, 0.005);
    expect(ece.masteryV2).below(0.01);
    expect(ece.nextQuestion).below(0.01);
  });
});
