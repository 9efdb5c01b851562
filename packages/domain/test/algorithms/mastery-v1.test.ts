import { expect } from 'chai';
import fc from 'fast-check';
import {
  emptyTopicState,
  evidenceOf,
  foldAnswer,
  isMastered,
  masteryV1,
  masteryV1Terms,
  retentionOf,
  retrievalStrength,
  type TopicState,
} from '@studyin/domain/algorithms';

const DAY = 86_400_000;
const NO_MATERIALS = { total: 0, completed: 0 };

type Outcome = { readonly isCorrect: boolean; readonly isFirstAttempt: boolean; readonly waitMs: number };

function stateAfter(outcomes: readonly Outcome[]): TopicState {
  let atMs = 0;
  return outcomes.reduce((state, { isCorrect, isFirstAttempt, waitMs }) => {
    atMs += waitMs;
    return foldAnswer(state, { isCorrect, isFirstAttempt, atMs, timeToAnswerSeconds: 10 });
  }, emptyTopicState);
}

const answers = (...right: readonly boolean[]): TopicState =>
  stateAfter(right.map((isCorrect) => ({ isCorrect, isFirstAttempt: true, waitMs: 1000 })));

const outcomeArbitrary = fc.record({
  isCorrect: fc.boolean(),
  isFirstAttempt: fc.boolean(),
  waitMs: fc.integer({ min: 0, max: 30 * DAY }),
});
const stateArbitrary = fc.array(outcomeArbitrary, { minLength: 1, maxLength: 30 }).map(stateAfter);
const materialsArbitrary = fc.record({ total: fc.nat({ max: 5 }), completed: fc.nat({ max: 8 }) });
const laterArbitrary = fc.integer({ min: 0, max: 400 * DAY });

describe('mastery version 1', () => {
  it('is null before the first answer, not 0', () => {
    expect(masteryV1(emptyTopicState, 0, { total: 3, completed: 3 })).equal(null);
    expect(masteryV1Terms(emptyTopicState, 0, NO_MATERIALS)).equal(null);
  });

  const table: readonly (readonly [
    string,
    readonly boolean[],
    number,
    { total: number; completed: number },
    number,
  ])[] = [
    ['one right answer, at once', [true], 0, { total: 2, completed: 1 }, 0.3 + 0.2 + 0.3 * 0.65 + 0.1],
    ['one right answer, a half-life of two days later', [true], 2, { total: 2, completed: 0 }, 0.5 + 0.3 * 0.325],
    ['one wrong answer, at once', [false], 0, { total: 2, completed: 0 }, 0.3 * 0.35],
    ['one wrong answer, a half-life of half a day later', [false], 0.5, { total: 2, completed: 0 }, 0.3 * 0.175],
    [
      'right then wrong, a half-life of a day later',
      [true, false],
      1,
      { total: 1, completed: 1 },
      0.15 + 0.1 + 0.3 * 0.2275 + 0.2,
    ],
    ['one right answer without materials', [true], 0, NO_MATERIALS, (0.5 + 0.3 * 0.65) / 0.8],
    ['more completed materials than there are', [true], 0, { total: 2, completed: 5 }, 0.7 + 0.3 * 0.65],
  ];
  for (const [what, right, days, materials, score] of table) {
    it(`of ${what} is ${score.toFixed(4)}`, () => {
      const state = answers(...right);
      expect(masteryV1(state, (state.lastAtMs ?? 0) + days * DAY, materials)).closeTo(score, 1e-12);
    });
  }

  it('holds the half-life between 2^−8 and 2^8 days', () => {
    const strong = answers(...Array.from({ length: 40 }, () => true));
    expect(retrievalStrength(strong, (strong.lastAtMs ?? 0) + 256 * DAY)).closeTo(strong.ewma / 2, 1e-12);
    const weak = answers(...Array.from({ length: 40 }, () => false));
    expect(retrievalStrength(weak, (weak.lastAtMs ?? 0) + DAY / 256)).closeTo(weak.ewma / 2, 1e-12);
  });

  it('takes a time before the last answer as no time gone by', () => {
    const state = answers(true, true);
    expect(retrievalStrength(state, -DAY)).equal(state.ewma);
  });

  it('retention is the share right of answers to questions that came again, and null before', () => {
    const outcome = (isCorrect: boolean, isFirstAttempt: boolean): Outcome => ({
      isCorrect,
      isFirstAttempt,
      waitMs: DAY,
    });
    const firsts = [outcome(true, true), outcome(false, true), outcome(true, true)];
    expect(retentionOf(stateAfter(firsts))).equal(null);
    const again = [outcome(true, false), outcome(false, false), outcome(false, false), outcome(true, false)];
    expect(retentionOf(stateAfter([...firsts, ...again]))).equal(0.5);
    expect(retentionOf(stateAfter([...firsts, ...again.slice(0, 3)]))).equal(1 / 3);
  });

  it('lies between 0 and 1', () => {
    fc.assert(
      fc.property(stateArbitrary, laterArbitrary, materialsArbitrary, (state, later, materials) => {
        expect(masteryV1(state, (state.lastAtMs ?? 0) + later, materials)).within(0, 1);
      }),
    );
  });

  it('is the sum of its terms to the bit', () => {
    fc.assert(
      fc.property(stateArbitrary, laterArbitrary, materialsArbitrary, (state, later, materials) => {
        const atMs = (state.lastAtMs ?? 0) + later;
        const terms = Object.values(masteryV1Terms(state, atMs, materials) ?? {});
        expect(terms.reduce((sum, term) => sum + term, 0)).equal(masteryV1(state, atMs, materials));
      }),
    );
  });

  it('never falls by a right answer', () => {
    fc.assert(
      fc.property(
        stateArbitrary,
        laterArbitrary,
        materialsArbitrary,
        fc.boolean(),
        (state, later, materials, isFirstAttempt) => {
          const atMs = (state.lastAtMs ?? 0) + later;
          const after = foldAnswer(state, { isCorrect: true, isFirstAttempt, atMs, timeToAnswerSeconds: 1 });
          expect(masteryV1(after, atMs, materials)).at.least((masteryV1(state, atMs, materials) ?? 0) - 1e-12);
        },
      ),
    );
  });

  it('never rises by the passing of time', () => {
    fc.assert(
      fc.property(stateArbitrary, laterArbitrary, laterArbitrary, (state, sooner, longer) => {
        const atMs = (state.lastAtMs ?? 0) + sooner;
        const later = masteryV1(state, atMs + longer, NO_MATERIALS) ?? 0;
        expect(later).at.most((masteryV1(state, atMs, NO_MATERIALS) ?? 0) + 1e-12);
      }),
    );
  });

  it('counts answers, first attempts and seconds', () => {
    const state = stateAfter([
      { isCorrect: true, isFirstAttempt: true, waitMs: 5 },
      { isCorrect: false, isFirstAttempt: true, waitMs: 5 },
      { isCorrect: true, isFirstAttempt: false, waitMs: 5 },
    ]);
    expect(state).include({ attempts: 3, correct: 2, questions: 2, firstCorrect: 1, answerSeconds: 30 });
    expect(state).include({ firstAtMs: 5, lastAtMs: 15 });
  });
});

describe('evidence of mastery', () => {
  it('is not enough under three first attempts', () => {
    expect(evidenceOf(emptyTopicState)).equal('none');
    expect(evidenceOf(answers(true, true))).equal('not_enough_data');
    expect(evidenceOf(answers(true, true, true))).equal('enough');
  });

  it('is needed to count as mastered, with a score of at least 0.8', () => {
    expect(isMastered(0.8, 'enough')).equal(true);
    expect(isMastered(0.7999, 'enough')).equal(false);
    expect(isMastered(1, 'not_enough_data')).equal(false);
    expect(isMastered(null, 'none')).equal(false);
  });
});
