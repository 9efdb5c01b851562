import { expect } from 'chai';
import {
  countAnswers,
  eloModel,
  evaluateMastery,
  fitMasteryModel,
  lastFifthFrom,
  questionSigns,
  sampleLearners,
  topicSigns,
  type EvaluatedAnswer,
  type FittedModel,
  type MasteryModel,
  type Sign,
} from '@studyin/domain/algorithms';
import { truthfulAnswers } from './model-answers.ts';

function fit(answers: readonly EvaluatedAnswer[], active: MasteryModel = eloModel): FittedModel {
  const cutMs = lastFifthFrom(answers.map(({ atMs }) => atMs)) ?? 0;
  return fitMasteryModel({
    histories: [...Map.groupBy(answers, ({ learnerId }) => learnerId).values()],
    isJudged: ({ atMs }) => atMs >= cutMs,
    counts: countAnswers(answers),
    countsBefore: countAnswers(answers.filter(({ atMs }) => atMs < cutMs)),
    active,
    version: active.version + 1,
  });
}

const keepsTo = (sign: Sign | undefined, value: number): boolean =>
  sign === 'positive' ? value >= 0 : sign !== 'negative' || value <= 0;

describe('a fitted version', () => {
  const answers = truthfulAnswers(60, 80);

  it('forecasts what it has not seen better than plain Elo, keeps its signs and counts every answer', () => {
    const { model, before, after, isBetter } = fit(answers);
    expect(isBetter).equal(true);
    expect(after.nextQuestion).below(before.nextQuestion - 0.01);
    expect(model.version).equal(1);
    expect(model.all.total).equal(answers.length);
    expect(model.coefficients.question.every((value, n) => keepsTo(questionSigns[n], value))).equal(true);
    expect(model.coefficients.topic.every((value, n) => keepsTo(topicSigns[n], value))).equal(true);
  });

  it('owes that to its coefficients: plain ones forecast worse from the same counts', () => {
    const cutMs = lastFifthFrom(answers.map(({ atMs }) => atMs)) ?? 0;
    const counted = { ...eloModel, ...countAnswers(answers.filter(({ atMs }) => atMs < cutMs)) };
    const { before, after, isBetter } = fit(answers, counted);
    expect(isBetter).equal(true);
    expect(after.nextQuestion).below(before.nextQuestion - 0.002);
    expect(after.mastery).below(before.mastery - 0.002);
  });

  it('is the same in every run', () => {
    expect(fit(answers)).eql(fit(answers));
  });

  it('is not better than a version that was made of the very answers it is judged by', () => {
    const sure = fit(answers).model;
    expect(fit(answers.slice(0, 400), sure).isBetter).equal(false);
  });
});

describe('the last fifth by time', () => {
  it('begins at the time that four fifths lie before', () => {
    expect(lastFifthFrom([5, 1, 4, 2, 3])).equal(5);
    expect(lastFifthFrom([])).equal(null);
  });
});

describe('the learners that a version learns from', () => {
  const answersOf = new Map(Array.from({ length: 200 }, (_, n) => [`learner-${n}`, 10 + (n % 5)]));

  it('have no more answers together than the limit, and are the same in any order of the list', () => {
    const picked = sampleLearners(answersOf, 500);
    const sum = picked.reduce((total, id) => total + (answersOf.get(id) ?? 0), 0);
    expect(sum).within(480, 500);
    expect(sampleLearners(new Map([...answersOf].toReversed()), 500)).eql(picked);
  });

  it('do not follow each other in the list, and are no one who would be a tenth of them', () => {
    const picked = sampleLearners(new Map([...answersOf, ['diligent', 51]]), 500);
    expect(picked).not.include('diligent');
    const places = picked.map((id) => Number(id.slice('learner-'.length)));
    expect(places.filter((place) => place >= 100).length).within(10, 32);
  });
});

describe('the evaluation of a log', () => {
  const answers = truthfulAnswers(60, 220);

  it('makes versions whenever the answers have doubled, from 3,000 of 30 learners on', () => {
    const { attempts, versions, auc, ece } = evaluateMastery(answers);
    expect(attempts).equal(13_200);
    expect(versions.map((version) => version.answers)).eql([3_000, 6_000, 12_000]);
    expect(versions[0]?.isBetter).equal(true);
    expect(auc.nextQuestion).above(Math.max(auc.masteryV1 ?? 1, 0.7));
    expect(ece.nextQuestion).below(0.03);
    const few = truthfulAnswers(29, 120);
    expect(evaluateMastery(few).versions).eql([]);
  });

  it('forecasts an answer from those before it alone', () => {
    const upTo = evaluateMastery(answers.slice(0, 4_000));
    const changed = answers.map((answer, n) => (n < 4_000 ? answer : { ...answer, isCorrect: !answer.isCorrect }));
    expect(evaluateMastery(changed.slice(0, 4_000))).eql(upTo);
    expect(upTo.reliability.nextQuestion.reduce((sum, { predictions }) => sum + predictions, 0)).equal(4_000);
  });

  it('learns from a log that is mere order, all at one instant', () => {
    const { versions } = evaluateMastery(answers.map((answer) => ({ ...answer, atMs: 0 })));
    expect(versions.map(({ isBetter }) => isBetter)).include(true);
  });
});
