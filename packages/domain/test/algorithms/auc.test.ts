import { expect } from 'chai';
import fc from 'fast-check';
import { auc, logLoss } from '@studyin/domain/algorithms';

const predictionsArbitrary = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 8 }).map((eighth) => eighth / 8), isCorrect: fc.boolean() }),
  { maxLength: 40 },
);

describe('the area under the ROC curve', () => {
  it('is the share of right–wrong pairs ranked rightly, a tie counting half', () => {
    fc.assert(
      fc.property(predictionsArbitrary, (predictions) => {
        const right = predictions.filter((one) => one.isCorrect);
        const wrong = predictions.filter((one) => !one.isCorrect);
        const pairs = right.flatMap((one) => wrong.map((other) => (Math.sign(one.score - other.score) + 1) / 2));
        const share = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
        if (pairs.length === 0) expect(auc(predictions)).equal(null);
        else expect(auc(predictions)).closeTo(share, 1e-12);
      }),
    );
  });

  it('is refused for a score that is NaN', () => {
    const predictions = [true, false].map((isCorrect) => ({ score: NaN, isCorrect }));
    expect(() => auc(predictions)).throw(RangeError);
  });
});

describe('the log-loss', () => {
  it('is ln 2 for a coin and the mean of the surprises otherwise', () => {
    expect(logLoss([{ score: 0.5, isCorrect: true }])).closeTo(Math.LN2, 1e-12);
    const two = [
      { score: 0.9, isCorrect: true },
      { score: 0.2, isCorrect: false },
    ];
    expect(logLoss(two)).closeTo(-(Math.log(0.9) + Math.log(0.8)) / 2, 1e-12);
  });

  it('stays finite for a certainty that was wrong, is null without predictions, and refuses what is no probability', () => {
    expect(logLoss([{ score: 1, isCorrect: false }])).closeTo(-Math.log(1e-15), 1e-9);
    expect(logLoss([])).equal(null);
    for (const score of [NaN, -0.1, 1.1]) expect(() => logLoss([{ score, isCorrect: true }])).throw(RangeError);
  });
});
