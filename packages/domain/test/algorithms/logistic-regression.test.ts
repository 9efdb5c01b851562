import { expect } from 'chai';
import fc from 'fast-check';
import { fitLogistic, logOdds, type Sample, type Sign } from '@studyin/domain/algorithms';

const sampleOf = (rows: readonly (readonly [readonly number[], boolean])[]): Sample => ({
  features: Float64Array.from(rows.flatMap(([values]) => values)),
  outcomes: Uint8Array.from(rows, ([, isRight]) => (isRight ? 1 : 0)),
  width: rows[0]?.[0].length ?? 1,
});

const rowArbitrary = fc.tuple(
  fc.tuple(fc.constant(1), fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
  fc.boolean(),
);
const free: readonly Sign[] = [null, null, null];
const zero = [0, 0, 0];

function lossOf({ features, outcomes, width }: Sample, weights: readonly number[]): number {
  let loss = 0;
  for (const [row, outcome] of outcomes.entries()) {
    const logit = weights.reduce((sum, weight, n) => sum + weight * (features[row * width + n] ?? 0), 0);
    loss += Math.log1p(Math.exp(outcome === 1 ? -logit : logit));
  }
  return loss / outcomes.length + 0.00005 * weights.reduce((sum, weight) => sum + weight * weight, 0);
}

describe('logistic regression', () => {
  it('gives a lone base the log-odds of the share right', () => {
    const sample = sampleOf(Array.from({ length: 100 }, (_, n) => [[1], n < 73]));
    expect(fitLogistic(sample, { signs: [null], start: [0] })[0]).closeTo(logOdds(0.73), 2e-3);
  });

  it('ends where no small step makes the outcomes less surprising, signs kept', () => {
    const signs: readonly Sign[] = [null, 'positive', 'negative'];
    fc.assert(
      fc.property(fc.array(rowArbitrary, { minLength: 5, maxLength: 60 }), (rows) => {
        const sample = sampleOf(rows);
        const weights = fitLogistic(sample, { signs, start: zero });
        expect(weights[1]).least(0);
        expect(weights[2]).most(0);
        const here = lossOf(sample, weights);
        for (const [n, weight] of weights.entries()) {
          for (const step of [-1e-3, 1e-3]) {
            const moved = weights.with(n, weight + step);
            if ((moved[1] ?? 0) < 0 || (moved[2] ?? 0) > 0) continue;
            expect(lossOf(sample, moved)).least(here - 1e-9);
          }
        }
      }),
    );
  });

  it('holds a coefficient at 0 that would have the wrong sign, and is the same in every run', () => {
    const rows = Array.from({ length: 200 }, (_, n) => [[1, (n % 7) - 3, (n % 5) - 2], n % 7 < 3] as const);
    const sample = sampleOf(rows);
    expect(fitLogistic(sample, { signs: free, start: zero })[1]).below(-0.5);
    const held = fitLogistic(sample, { signs: [null, 'positive', null], start: zero });
    expect(held[1]).equal(0);
    expect(fitLogistic(sample, { signs: [null, 'positive', null], start: zero })).eql(held);
  });

  it('stays at its start where the sample says nothing', () => {
    const sample = sampleOf(Array.from({ length: 10 }, (_, n) => [[1, 0, 0], n < 5]));
    expect(fitLogistic(sample, { signs: free, start: [0, 1, -1] })).eql([0, 1, -1]);
    const nothing = { features: new Float64Array(), outcomes: new Uint8Array(), width: 3 };
    expect(fitLogistic(nothing, { signs: [null, 'positive', null], start: [1, -1, 1] })).eql([1, 0, 1]);
  });

  it('stays finite for outcomes that are perfectly told apart', () => {
    const sample = sampleOf(Array.from({ length: 40 }, (_, n) => [[1, n - 20, 0], n >= 20]));
    for (const weight of fitLogistic(sample, { signs: free, start: zero })) expect(weight).satisfies(Number.isFinite);
  });
});
