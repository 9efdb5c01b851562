import { expect } from 'chai';
import fc from 'fast-check';
import { quantile, summarisePairs } from '../src/measure/paired-ratios.ts';

describe('quantiles', () => {
  // R: quantile(c(1, 2, 4, 8), c(0, .25, .5, .75, 1))
  const golden: readonly (readonly [number, number])[] = [
    [0, 1],
    [0.25, 1.75],
    [0.5, 3],
    [0.75, 5],
    [1, 8],
  ];
  for (const [share, expected] of golden) {
    it(`are those of R at ${share}`, () => {
      expect(quantile([8, 1, 4, 2], share)).to.equal(expected);
    });
  }

  it('are a value itself where there is only one', () => {
    expect(quantile([7], 0.25)).to.equal(7);
  });

  it('of no values are refused', () => {
    expect(() => quantile([], 0.5)).to.throw(RangeError, 'no values');
  });

  it('do not depend on the order, and leave the values as they are', () => {
    const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const before = [...values];
        const found = quantile(values, share);
        expect(found).to.equal(quantile(values.toReversed(), share));
        expect(found).to.be.within(Math.min(...values), Math.max(...values));
        expect(values).to.deep.equal(before);
      }),
    );
  });
});

describe('paired ratios', () => {
  it('are taken pair by pair, so that a slow moment of the machine cancels out', () => {
    const pairs = [1, 0.1, 0.5, 0.8, 0.9].map((speed) => ({ product: 30 * speed, limit: 100 * speed }));
    const { ratio, product, limit, rounds } = summarisePairs(pairs);
    expect(ratio.first).to.be.closeTo(0.3, 1e-12);
    expect(ratio.median).to.be.closeTo(0.3, 1e-12);
    expect(ratio.third).to.be.closeTo(0.3, 1e-12);
    expect([product, limit, rounds]).to.deep.equal([24, 80, 5]);
  });

  it('have the median and the quartiles of the ratios, not the ratio of the medians', () => {
    const pairs = [
      { product: 1, limit: 1 },
      { product: 2, limit: 4 },
      { product: 9, limit: 36 },
    ];
    expect(summarisePairs(pairs).ratio).to.deep.equal({ first: 0.375, median: 0.5, third: 0.75 });
  });
});
