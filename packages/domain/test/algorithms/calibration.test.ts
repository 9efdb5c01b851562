import { expect } from 'chai';
import { expectedCalibrationError, reliabilityOf, type Prediction } from '@studyin/domain/algorithms';

const some = (score: number, right: number, wrong: number): readonly Prediction[] => [
  ...Array.from({ length: right }, () => ({ score, isCorrect: true })),
  ...Array.from({ length: wrong }, () => ({ score, isCorrect: false })),
];

describe('the reliability of forecasts', () => {
  it('sets what was said against what came of it, bin by bin', () => {
    const bins = reliabilityOf([...some(0.25, 1, 3), ...some(0.95, 9, 1), ...some(1, 1, 0)]);
    expect(bins).to.have.length(10);
    expect(bins[2]).eql({ from: 0.2, to: 0.3, predictions: 4, meanForecast: 0.25, shareRight: 0.25 });
    expect(bins[9]?.predictions).equal(11);
    expect(bins[9]?.shareRight).closeTo(10 / 11, 1e-12);
    expect(bins[0]).include({ predictions: 0, meanForecast: null, shareRight: null });
  });

  it('has an error of 0 where all comes true, and the mean distance otherwise', () => {
    expect(expectedCalibrationError(some(0.25, 1, 3))).equal(0);
    expect(expectedCalibrationError([...some(0.25, 1, 3), ...some(0.75, 1, 3)])).closeTo(0.25, 1e-12);
    expect(expectedCalibrationError([])).equal(null);
    expect(() => expectedCalibrationError(some(1.2, 1, 0))).throw(RangeError);
    expect(() => expectedCalibrationError(some(NaN, 1, 0))).throw(RangeError);
  });
});
