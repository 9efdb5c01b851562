import { expect } from 'chai';
import fc from 'fast-check';
import {
  fsrsIntervalDays,
  fsrsRetrievability,
  MAX_INTERVAL_DAYS,
  nextMemoryState,
  type MemoryState,
  type ReviewRating,
} from '@studyin/domain/algorithms';

const ratingArbitrary = fc.constantFrom<ReviewRating>('again', 'hard', 'good', 'easy');
const reviewArbitrary = fc.record({ rating: ratingArbitrary, elapsedDays: fc.integer({ min: 0, max: 1000 }) });
const historyArbitrary = fc.array(reviewArbitrary, { minLength: 1, maxLength: 30 });

function memoryAfter(history: readonly { rating: ReviewRating; elapsedDays: number }[]): MemoryState {
  const [first, ...rest] = history;
  if (first === undefined) throw new Error('a history without a review');
  return rest.reduce(
    (memory, { rating, elapsedDays }) => nextMemoryState(memory, rating, elapsedDays),
    nextMemoryState(null, first.rating, 0),
  );
}

describe('FSRS-6', () => {
  it('keeps stability, difficulty, interval and retrievability within their ranges', () => {
    fc.assert(
      fc.property(historyArbitrary, fc.nat({ max: 5000 }), (history, elapsedDays) => {
        const { stability, difficulty } = memoryAfter(history);
        expect(stability).within(0.001, MAX_INTERVAL_DAYS);
        expect(difficulty).within(1, 10);
        expect(Number.isInteger(fsrsIntervalDays(stability))).equal(true);
        expect(fsrsIntervalDays(stability)).within(1, MAX_INTERVAL_DAYS);
        expect(fsrsRetrievability(stability, elapsedDays)).within(0, 1);
      }),
    );
  });

  it('leaves a memory the stronger the better the rating', () => {
    fc.assert(
      fc.property(historyArbitrary, fc.nat({ max: 400 }), (history, elapsedDays) => {
        const memory = memoryAfter(history);
        const [again = 0, hard = 0, good = 0, easy = 0] = (['again', 'hard', 'good', 'easy'] as const).map(
          (rating) => nextMemoryState(memory, rating, elapsedDays).stability,
        );
        expect(again).at.most(hard);
        expect(hard).at.most(good);
        expect(good).at.most(easy);
      }),
    );
  });

  it('forgets by the day: recall is certain on the day of the review and 0.9 after the stability', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat({ max: 3000 }), (stability, elapsedDays) => {
        expect(fsrsRetrievability(stability, 0)).equal(1);
        expect(fsrsRetrievability(stability, stability)).closeTo(0.9, 1e-6);
        expect(fsrsRetrievability(stability, elapsedDays + 1)).at.most(fsrsRetrievability(stability, elapsedDays));
      }),
    );
  });

  it('refuses days that are negative or fractional', () => {
    const memory = nextMemoryState(null, 'good', 0);
    for (const elapsedDays of [-1, 0.5, Number.NaN, Infinity]) {
      expect(() => nextMemoryState(memory, 'good', elapsedDays)).throw(RangeError, String(elapsedDays));
      expect(() => fsrsRetrievability(1, elapsedDays)).throw(RangeError, String(elapsedDays));
    }
  });
});
