import { expect } from 'chai';
import fc from 'fast-check';
import { placeAmongPeers, publishPeers } from '@studyin/domain/algorithms';

/** As `percentile_cont` computes them. */
function distributionOf(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const quantiles = Array.from({ length: 101 }, (_, percent) => {
    const place = (percent / 100) * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place - Math.floor(place));
  });
  return { learners: values.length, quantiles };
}
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 60 });

describe('published peers', () => {
  it('are nine deciles in steps of 0.05, and learners in tens', () => {
    const peers = publishPeers(distributionOf(Array.from({ length: 47 }, (_, n) => n / 46)), 'share');
    expect(peers).eql({ learners: 40, deciles: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] });
    const minutes = publishPeers(distributionOf(Array.from({ length: 101 }, (_, n) => n * 20)), 'minutes');
    expect(minutes.deciles).eql([195, 390, 600, 810, 1020, 1200, 1380, 1620, 1800]);
    expect(() => publishPeers({ learners: 20, quantiles: [0, 1] }, 'share')).throw('101');
  });

  it('show nobody: neither the lowest and the highest number nor any number as it is', () => {
    fc.assert(
      fc.property(shares, (values) => {
        const { deciles, learners } = publishPeers(distributionOf(values), 'share');
        for (const decile of deciles) expect(Math.abs(decile * 20 - Math.round(decile * 20))).lessThan(1e-9);
        expect(learners % 10).equal(0);
        const lowest = Math.min(...values);
        const outlier = publishPeers(
          distributionOf(values.map((value) => (value === lowest ? value / 2 : value))),
          'share',
        );
        expect(outlier).eql(publishPeers(distributionOf(values), 'share'));
      }),
    );
  });

  it('change with one more learner by no more than their neighbours, so that two publications subtract to no number', () => {
    fc.assert(
      fc.property(shares, fc.double({ min: 0, max: 1, noNaN: true }), (values, more) => {
        const before = publishPeers(distributionOf(values), 'share');
        const after = publishPeers(distributionOf([...values, more]), 'share');
        const sorted = [0, ...values.toSorted((a, b) => a - b), 1];
        for (const [n, decile] of after.deciles.entries()) {
          // a quantile moves between the order statistics beside it, whatever number came in
          const place = ((n + 1) / 10) * (values.length - 1) + 1;
          const [below, above] = [sorted[Math.floor(place) - 1] ?? 0, sorted[Math.ceil(place) + 1] ?? 1];
          expect(decile)
            .least(below - 0.026)
            .most(above + 0.026);
          expect(before.deciles[n])
            .least(below - 0.026)
            .most(above + 0.026);
        }
        // whoever came in above all or below all is not told apart from one who came in just inside
        const high = [...values, 1];
        const higher = [...values, Math.max(...values)];
        expect(publishPeers(distributionOf(high), 'share')).eql(publishPeers(distributionOf(higher), 'share'));
      }),
    );
  });
});

describe('a place among peers', () => {
  const peers = { learners: 40, deciles: [0.1, 0.2, 0.3, 0.3, 0.3, 0.6, 0.7, 0.8, 0.9] };
  const table = [
    [0, 0, 10],
    [0.1, 0, 20],
    [0.15, 10, 20],
    [0.3, 20, 60],
    [0.45, 50, 60],
    [0.9, 80, 100],
    [1, 90, 100],
  ] as const;
  for (const [value, percentileFrom, percentileTo] of table) {
    it(`of ${value} lies between the percentiles ${percentileFrom} and ${percentileTo}`, () => {
      expect(placeAmongPeers(value, peers)).eql({ percentileFrom, percentileTo });
    });
  }
});
