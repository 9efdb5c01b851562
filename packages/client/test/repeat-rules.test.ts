import { expect } from 'chai';
import fc from 'fast-check';
import { repeatDelayMs } from '../src/repeat-rules.ts';

describe('the delay before a repetition', () => {
  it('doubles from 200 ms to 10 s, a random half of it', () => {
    const least = [1, 2, 3, 6, 7, 8, 50].map((failures) => repeatDelayMs(failures, 0));
    expect(least).deep.equal([100, 200, 400, 3200, 5000, 5000, 5000]);
    expect(repeatDelayMs(1, 0.5)).equal(150);
  });

  it('is never shorter than the server asked for', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        random,
        fc.integer({ min: 0, max: 60_000 }),
        (failures, chance, askedMs) => {
          expect(repeatDelayMs(failures, chance, { askedMs })).at.least(askedMs);
        },
      ),
    );
  });
});
