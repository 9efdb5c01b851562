import { expect } from 'chai';
import fc from 'fast-check';
import { nextSm2SeedInterval, nextSm2State, type AnswerQuality, type Sm2State } from '@studyin/domain/algorithms';
import { needsReferenceData, readReference } from './reference-data.ts';

const QUALITIES: readonly AnswerQuality[] = [0, 1, 2, 3, 4, 5];
const qualityArbitrary = fc.constantFrom(...QUALITIES);

function sm2After(qualities: readonly AnswerQuality[]): Sm2State | null {
  return qualities.reduce<Sm2State | null>((state, quality) => nextSm2State(state, quality), null);
}

function seedIntervals(quality: AnswerQuality, reviews: number): readonly number[] {
  const intervals: number[] = [];
  for (let n = 0; n < reviews; n += 1) intervals.push(nextSm2SeedInterval(intervals.at(-1) ?? 0, quality));
  return intervals;
}

describe("the mission's variant", () => {
  it('goes 1, 6 and then by a factor of 1.3, 1.5 or 1.7, fractions dropped', () => {
    expect(seedIntervals(3, 6)).deep.equal([1, 6, 7, 9, 11, 14]);
    expect(seedIntervals(4, 6)).deep.equal([1, 6, 9, 13, 19, 28]);
    expect(seedIntervals(5, 6)).deep.equal([1, 6, 10, 17, 28, 47]);
  });

  it('starts again from one day on a quality below 3', () => {
    for (const quality of [0, 1, 2] as const) expect(nextSm2SeedInterval(365, quality)).equal(1);
  });
});

describe('SM-2', () => {
  it('lowers no easiness on a failure, and starts again from the first interval', () => {
    expect(sm2After([5, 4, 3, 1])).deep.equal({ easiness: 2.46, repetitions: 0, intervalDays: 1 });
    expect(sm2After([5, 4, 3, 1, 4, 4])).deep.equal({ easiness: 2.46, repetitions: 2, intervalDays: 6 });
  });

  it('rounds an interval up only where there is a fraction', () => {
    // In binary fractions 25 · 2.2 is 55.00000000000001.
    expect(nextSm2State({ easiness: 2.2, repetitions: 2, intervalDays: 25 }, 4).intervalDays).equal(55);
    expect(nextSm2State({ easiness: 2.2, repetitions: 2, intervalDays: 26 }, 4).intervalDays).equal(58);
  });

  it('keeps the easiness a whole number of hundredths and at least 1.3, and an interval at least a day', () => {
    fc.assert(
      fc.property(fc.array(qualityArbitrary, { minLength: 1, maxLength: 60 }), (qualities) => {
        const state = sm2After(qualities);
        expect(state?.easiness).at.least(1.3);
        expect(state?.easiness).equal(Math.round((state?.easiness ?? 0) * 100) / 100);
        expect(state?.intervalDays).at.least(1);
      }),
    );
  });
});

const SEED = 'vectors/seed_sm2_variant.json';
const seed = needsReferenceData("the mission's variant against its vectors", SEED);
describe(seed.title, () => {
  before(function () {
    if (seed.isMissing) this.skip();
  });

  it('gives the same interval for each one and quality, and the same chains', () => {
    // The file is ours to read: its shape is described beside it.
    const { table, chains } = JSON.parse(readReference(SEED)) as {
      table: readonly { interval: number; quality: AnswerQuality; next: number }[];
      chains: Readonly<Record<'q3' | 'q4' | 'q5', readonly number[]>>;
    };
    expect(table.length).at.least(90);
    for (const { interval, quality, next } of table) expect(nextSm2SeedInterval(interval, quality)).equal(next);
    for (const quality of [3, 4, 5] as const) {
      const chain = chains[`q${quality}`];
      expect(seedIntervals(quality, chain.length)).deep.equal(chain);
    }
  });
});

const SM2 = 'vectors/sm2.json';
const sm2 = needsReferenceData('SM-2 against vectors from its definition', SM2);
describe(sm2.title, () => {
  before(function () {
    if (sm2.isMissing) this.skip();
  });

  it('gives the same easiness, repetitions and interval after every review', () => {
    // As above.
    const { canonical_vectors_from_the_definition: runs } = JSON.parse(readReference(SM2)) as {
      canonical_vectors_from_the_definition: readonly (readonly {
        q: AnswerQuality;
        n: number;
        ef: number;
        i: number;
      }[])[];
    };
    expect(runs.length).at.least(5);
    for (const run of runs) {
      let state: Sm2State | null = null;
      for (const { q, n, ef, i } of run) {
        state = nextSm2State(state, q);
        expect(state).deep.equal({ easiness: ef, repetitions: n, intervalDays: i });
      }
    }
  });
});
