import { expect } from 'chai';
import fc from 'fast-check';
import { answerQuality, reviewRating, type RatedAnswer } from '@studyin/domain/algorithms';

const answer = (changes: Partial<RatedAnswer>): RatedAnswer => ({
  isCorrect: true,
  timeToAnswerSeconds: 60,
  confidenceLevel: null,
  hintUsed: false,
  explanationViewed: false,
  ...changes,
});

const answerArbitrary: fc.Arbitrary<RatedAnswer> = fc.record({
  isCorrect: fc.boolean(),
  timeToAnswerSeconds: fc.double({ min: 0, max: 600, noNaN: true }),
  confidenceLevel: fc.option(fc.integer({ min: 1, max: 5 })),
  hintUsed: fc.boolean(),
  explanationViewed: fc.boolean(),
});

describe('the quality of an answer', () => {
  const table: readonly (readonly [string, Partial<RatedAnswer>, number])[] = [
    ['a wrong one', { isCorrect: false }, 1],
    ['a near miss', { isCorrect: false, timeToAnswerSeconds: 10, confidenceLevel: 3 }, 2],
    ['a wrong one in under 10 s', { isCorrect: false, timeToAnswerSeconds: 9.99, confidenceLevel: 3 }, 1],
    ['a wrong one with confidence 2', { isCorrect: false, timeToAnswerSeconds: 10, confidenceLevel: 2 }, 1],
    ['a right one', {}, 4],
    ['a right one with a hint', { hintUsed: true }, 3],
    ['a right one after the explanation', { explanationViewed: true }, 3],
    ['a right one within 30 s with confidence 4', { timeToAnswerSeconds: 30, confidenceLevel: 4 }, 5],
    ['a right one in over 30 s', { timeToAnswerSeconds: 30.01, confidenceLevel: 5 }, 4],
    ['a right one with confidence 3', { timeToAnswerSeconds: 5, confidenceLevel: 3 }, 4],
    ['a fast right one whose confidence was not asked', { timeToAnswerSeconds: 5 }, 4],
    ['a fast, confident right one with a hint', { timeToAnswerSeconds: 5, confidenceLevel: 5, hintUsed: true }, 3],
  ];
  for (const [what, changes, quality] of table) {
    it(`of ${what} is ${quality}`, () => expect(answerQuality(answer(changes))).equal(quality));
  }

  it('is 3 or more exactly for a right answer, and help never raises it', () => {
    fc.assert(
      fc.property(answerArbitrary, (some) => {
        expect(answerQuality(some) >= 3).equal(some.isCorrect);
        expect(answerQuality({ ...some, hintUsed: true })).at.most(answerQuality({ ...some, hintUsed: false }));
      }),
    );
  });
});

describe('the rating of an answer', () => {
  const table: readonly (readonly [string, Partial<RatedAnswer>, string])[] = [
    ['a wrong one', { isCorrect: false, confidenceLevel: 5 }, 'again'],
    ['a wrong one with a hint', { isCorrect: false, hintUsed: true }, 'again'],
    ['a right one', {}, 'good'],
    ['a fast and certain right one', { timeToAnswerSeconds: 1, confidenceLevel: 5 }, 'good'],
    ['a right one with a hint', { hintUsed: true }, 'hard'],
    ['a right one after the explanation', { explanationViewed: true }, 'hard'],
  ];
  for (const [what, changes, rating] of table) {
    it(`of ${what} is ${rating}`, () => expect(reviewRating(answer(changes))).equal(rating));
  }
});
