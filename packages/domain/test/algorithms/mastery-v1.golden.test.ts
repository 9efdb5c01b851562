import { expect } from 'chai';
import {
  auc,
  emptyLearnerState,
  emptyTopicState,
  foldAnswers,
  masteryV1,
  masteryV1Terms,
  plainRules,
  predictAnswers,
  type Answer,
  type AnswerPrediction,
} from '@studyin/domain/algorithms';
import { needsReferenceData, readReference, readStatsCloze } from './reference-data.ts';

type ReferenceStep = {
  readonly input: { readonly user: number; readonly question: number; readonly topic: number; readonly t: number };
  readonly before: {
    readonly v1: {
      readonly first_attempt_accuracy: number;
      readonly overall_accuracy: number;
      readonly retrieval_strength: number;
      readonly mastery_without_material: number;
    };
  };
};

const NO_MATERIALS = { total: 0, completed: 0 };
const DATA = 'data/stats_cloze.csv';
const VECTORS = 'vectors/mastery_v1_v2_reference.json';

function stateBefore(answers: readonly Answer[], answer: Answer) {
  const { state } = foldAnswers(emptyLearnerState, answers.slice(0, answers.indexOf(answer)), plainRules);
  return state.topics.get(answer.topicId) ?? emptyTopicState;
}

const golden = needsReferenceData('mastery version 1 against a second implementation', DATA, VECTORS);
describe(golden.title, () => {
  before(function () {
    if (golden.isMissing) this.skip();
  });

  it('gives the same parts and score before each of 90 real answers, to 1e-6', () => {
    // The file is ours to read: its shape is described beside it.
    const { steps, tol } = JSON.parse(readReference(VECTORS)) as { steps: readonly ReferenceStep[]; tol: number };
    const byLearner = readStatsCloze();
    expect(steps).to.have.length(90);
    for (const {
      input,
      before: { v1 },
    } of steps) {
      const answers = byLearner.get(String(input.user)) ?? [];
      const answer = answers.find((one) => one.atMs === input.t * 1000 && one.questionId === String(input.question));
      if (answer === undefined) throw new Error(`no answer of user ${input.user} at ${input.t}`);
      const state = stateBefore(answers, answer);
      const terms = masteryV1Terms(state, answer.atMs, NO_MATERIALS);
      expect(terms?.firstAttempt ?? 0).closeTo((0.3 / 0.8) * v1.first_attempt_accuracy, tol);
      expect(terms?.overall ?? 0).closeTo((0.2 / 0.8) * v1.overall_accuracy, tol);
      expect(terms?.retrieval ?? 0).closeTo((0.3 / 0.8) * v1.retrieval_strength, tol);
      expect(0.8 * (masteryV1(state, answer.atMs, NO_MATERIALS) ?? 0)).closeTo(v1.mastery_without_material, tol);
    }
  });
});

const evaluation = needsReferenceData('mastery version 1 as a forecast of 55,122 real answers', DATA);
describe(evaluation.title, () => {
  let predictions: readonly AnswerPrediction[] = [];
  const aucOf = (some: readonly AnswerPrediction[]) =>
    auc(some.map(({ score, isCorrect }) => ({ score: score ?? 0, isCorrect })));

  before(function () {
    if (evaluation.isMissing) this.skip();
    predictions = [...readStatsCloze().values()].flatMap((answers) => predictAnswers(answers, new Map()));
  });

  it('ranks right answers above wrong ones with an AUC of 0.730 when no score counts as 0', () => {
    expect(predictions).to.have.length(55_122);
    expect(aucOf(predictions)).closeTo(0.73, 0.005);
  });

  it('reaches an AUC of 0.697 over practised topics alone', () => {
    const practised = predictions.filter((prediction) => prediction.practised);
    expect(practised).to.have.length(46_518);
    expect(practised.every(({ score }) => score !== null)).equal(true);
    expect(aucOf(practised)).closeTo(0.697, 0.005);
  });
});
