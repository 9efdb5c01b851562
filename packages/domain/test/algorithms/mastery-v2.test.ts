import { expect } from 'chai';
import fc from 'fast-check';
import {
  chanceOfRight,
  confidenceOf,
  countAnswers,
  difficultyOf,
  eloModel,
  evidenceOf,
  emptyTopicState,
  explainMasteryV2,
  foldAnswer,
  isMastered,
  logOdds,
  masteryChanges,
  masteryV2,
  moveAbility,
  newTopic,
  scoreOfTerms,
  startWalk,
  type AbilityWalk,
  type MasteryModel,
  type ModelAnswer,
} from '@studyin/domain/algorithms';
import { historyArbitrary, modelArbitrary } from './model-answers.ts';

const MINUTE = 60_000;
const asked = { questionId: 'q1', topicId: 't1' };
const laterArbitrary = fc.nat(600 * 24 * 60).map((minutes) => minutes * MINUTE);

function walkOver(model: MasteryModel, answers: readonly ModelAnswer[]): AbilityWalk {
  const walk = startWalk(model);
  for (const answer of answers) walk.take(answer, walk.standingBefore(answer));
  return walk;
}

const endOf = (answers: readonly ModelAnswer[]): number => answers.at(-1)?.atMs ?? 0;

describe('mastery version 2', () => {
  it('lies in [0, 1], as the chance of a right answer does, for any history, model and time', () => {
    fc.assert(
      fc.property(modelArbitrary, historyArbitrary, laterArbitrary, (model, answers, laterMs) => {
        const standing = walkOver(model, answers).standingBefore(asked);
        const atMs = endOf(answers) + laterMs;
        expect(masteryV2(model.coefficients, standing, atMs)).within(0, 1);
        expect(chanceOfRight(model.coefficients, standing, atMs)).within(0, 1);
      }),
    );
  });

  it('is never lowered by a right answer, in that topic or another, and never raised by a wrong one', () => {
    const cases = fc.tuple(modelArbitrary, historyArbitrary, laterArbitrary, fc.nat(7), fc.nat(3));
    fc.assert(
      fc.property(cases, ([model, answers, laterMs, question, topic]) => {
        const atMs = endOf(answers) + laterMs;
        const answer = { questionId: `q${question}`, topicId: `t${topic}`, atMs };
        const after = (isCorrect: boolean): number => {
          const walk = walkOver(model, [...answers, { ...answer, isCorrect }]);
          return masteryV2(model.coefficients, walk.standingBefore(asked), atMs);
        };
        const before = masteryV2(model.coefficients, walkOver(model, answers).standingBefore(asked), atMs);
        expect(after(true)).least(before - 1e-12);
        expect(after(true)).least(after(false) - 1e-12);
        if (answer.topicId !== asked.topicId) expect(after(false)).most(before + 1e-12);
      }),
    );
  });

  it('is not lowered by a right answer after failures elsewhere, nor raised by a wrong one after successes there', () => {
    const answer = (topicId: string, n: number, isCorrect: boolean) => {
      return { questionId: `${topicId}/${n}`, topicId, isCorrect, atMs: n * MINUTE };
    };
    const { coefficients } = eloModel;
    const inAbilityAlone = { ...coefficients, topic: [0, 1, 1, 0, 0, 0, 0] };
    for (const isCorrect of [true, false]) {
      const before = [
        answer('t1', 0, isCorrect),
        ...Array.from({ length: 20 }, (_, n) => answer('t2', n + 1, !isCorrect)),
      ];
      const scoreAfter = (answers: readonly ModelAnswer[]): number =>
        masteryV2(inAbilityAlone, walkOver(eloModel, answers).standingBefore(asked), 21 * MINUTE);
      const moved = scoreAfter([...before, answer('t1', 21, isCorrect)]) - scoreAfter(before);
      expect(isCorrect ? moved : -moved).above(0);
    }
  });

  it('falls with time, and stays as it was where the version does not forget', () => {
    fc.assert(
      fc.property(modelArbitrary, historyArbitrary, laterArbitrary, (model, answers, laterMs) => {
        const standing = walkOver(model, answers).standingBefore(asked);
        const scoreAt = ({ coefficients }: MasteryModel, atMs: number) => masteryV2(coefficients, standing, atMs);
        expect(scoreAt(model, endOf(answers) + laterMs)).most(scoreAt(model, endOf(answers)) + 1e-15);
        expect(scoreAt(eloModel, endOf(answers) + laterMs)).equal(scoreAt(eloModel, endOf(answers)));
      }),
    );
  });

  it('moves the answering learner by the surprise, ever less in ability', () => {
    const difficulty = { question: 0, topic: 0 };
    const first = moveAbility(
      { difficulty, learner: { theta: 0, answers: 0 }, topic: newTopic, question: undefined },
      true,
    );
    expect(first).eql({
      learner: { theta: 0.15, answers: 1 },
      topic: { theta: 0.1, recent: 0.75, learnerTheta: 0.15 },
      question: { theta: 0.6 },
    });
    const later = moveAbility(
      { difficulty, learner: { theta: 0, answers: 50 }, topic: newTopic, question: undefined },
      false,
    );
    expect(later.learner.theta).closeTo(-0.15 / 2, 1e-12);
    expect(later.topic.recent).equal(0.25);
  });

  it('is plain Elo in version 0', () => {
    const walk = walkOver(eloModel, [{ ...asked, isCorrect: true, atMs: 0 }]);
    expect(logOdds(masteryV2(eloModel.coefficients, walk.standingBefore(asked), 0))).closeTo(0.15 + 0.1, 1e-12);
  });

  it('calls nothing mastered after one right answer, however sure', () => {
    const state = foldAnswer(emptyTopicState, {
      isCorrect: true,
      isFirstAttempt: true,
      atMs: 0,
      timeToAnswerSeconds: 1,
    });
    expect(evidenceOf(state)).equal('not_enough_data');
    expect(isMastered(1, evidenceOf(state))).equal(false);
  });

  it('is trusted more with every answer, a repeated one counting half', () => {
    expect(confidenceOf({ attempts: 0, questions: 0 })).equal(0);
    expect(confidenceOf({ attempts: 5, questions: 5 })).equal(0.5);
    expect(confidenceOf({ attempts: 10, questions: 0 })).equal(0.5);
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (questions, repeats) => {
        const confidence = confidenceOf({ attempts: questions + repeats, questions });
        expect(confidence).within(0, 1);
        expect(confidenceOf({ attempts: questions + repeats + 1, questions })).above(confidence);
      }),
    );
  });
});

describe('the difficulty that a version has counted', () => {
  it('is drawn from the topic to the whole, and from the question to the topic', () => {
    const model = {
      all: { right: 59, total: 98 },
      topics: new Map([['t1', { right: 8, total: 20 }]]),
      questions: new Map([['q1', { right: 1, total: 5 }]]),
    };
    const { topic, question } = difficultyOf(model, asked);
    expect(topic).closeTo(logOdds((8 + 20 * 0.6) / 40), 1e-12);
    expect(question).closeTo(logOdds((1 + 5 * 0.5) / 10), 1e-12);
    expect(difficultyOf(model, { questionId: 'new', topicId: 't1' }).question).closeTo(topic, 1e-12);
    expect(difficultyOf(eloModel, asked)).eql({ question: 0, topic: 0 });
  });

  it('leaves out a learner as if they had never answered', () => {
    fc.assert(
      fc.property(historyArbitrary, historyArbitrary, (own, others) => {
        const all = countAnswers([...own, ...others]);
        expect(difficultyOf(all, asked, countAnswers(own))).eql(difficultyOf(countAnswers(others), asked));
      }),
    );
  });
});

describe('the explanation of mastery version 2', () => {
  it('adds up to the score to the bit, each term value by weight', () => {
    fc.assert(
      fc.property(modelArbitrary, historyArbitrary, laterArbitrary, (model, answers, laterMs) => {
        const standing = walkOver(model, answers).standingBefore(asked);
        const atMs = endOf(answers) + laterMs;
        const terms = explainMasteryV2(model.coefficients, standing, atMs);
        expect(scoreOfTerms(terms)).equal(masteryV2(model.coefficients, standing, atMs));
        for (const { value, weight, contribution } of terms) expect(value * weight).equal(contribution);
      }),
    );
  });

  it('is made of sentences', () => {
    const counts = countAnswers(
      Array.from({ length: 20 }, (_, n) => ({ questionId: `q${n}`, topicId: 't1', isCorrect: n < 15, atMs: 0 })),
    );
    const model = { ...eloModel, ...counts };
    const answer = (n: number, isCorrect: boolean) => ({
      questionId: `q${n}`,
      topicId: 't1',
      isCorrect,
      atMs: n * MINUTE,
    });
    const standing = walkOver(model, [answer(1, false), answer(2, false), answer(3, true)]).standingBefore(asked);
    expect(explainMasteryV2(model.coefficients, standing, 3 * MINUTE + 5 * 3_600_000).map(({ text }) => text)).eql([
      'Where every topic begins.',
      "Of all answers in the topic, anyone's, 74% are right.",
      'Over all topics, questions are answered worse than the average learner answers them.',
      'In this topic, they are answered worse than that suggests.',
      'Of late, 56% right in this topic, the last answer counting half.',
      'The topic was practised before.',
      'The last answer in the topic was 5 hours ago.',
    ]);
  });

  it('tells what a right answer, a wrong one and a week without would make of it', () => {
    fc.assert(
      fc.property(modelArbitrary, historyArbitrary, (model, answers) => {
        const standing = walkOver(model, answers).standingBefore(asked);
        const score = masteryV2(model.coefficients, standing, endOf(answers));
        const changes = masteryChanges(model.coefficients, standing, endOf(answers));
        expect(changes.map(({ code }) => code)).members(['right_answer', 'wrong_answer', 'week_without']);
        for (const { code, change, score: then } of changes) {
          expect(then).within(0, 1);
          expect(change).equal(then - score);
          if (code === 'right_answer') expect(change).least(-1e-12);
          if (code === 'week_without') expect(change).most(1e-12);
        }
        const sizes = changes.map(({ change }) => Math.abs(change));
        expect(sizes).eql(sizes.toSorted((a, b) => b - a));
      }),
    );
  });
});
