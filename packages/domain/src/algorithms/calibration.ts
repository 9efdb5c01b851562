import type { Prediction } from './auc.ts';

const BINS = 10;

export type ReliabilityBin = {
  /** Forecasts from `from` up to, but not including, `to`; 1 belongs to the last bin. */
  readonly from: number;
  readonly to: number;
  readonly predictions: number;
  readonly meanForecast: number | null;
  readonly shareRight: number | null;
};

/** Forecasts in ten bins of equal width, each with what was said and what came of it; null in an empty bin. */
export function reliabilityOf(predictions: readonly Prediction[]): readonly ReliabilityBin[] {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, forecast: 0, right: 0 }));
  for (const { score, isCorrect } of predictions) {
    const bin = bins[Math.min(BINS - 1, Math.floor(score * BINS))];
    if (bin === undefined || score > 1) throw new RangeError(`prediction ${score} is not a probability`);
    bin.count += 1;
    bin.forecast += score;
    bin.right += isCorrect ? 1 : 0;
  }
  return bins.map(({ count, forecast, right }, n) => ({
    from: n / BINS,
    to: (n + 1) / BINS,
    predictions: count,
    meanForecast: count === 0 ? null : forecast / count,
    shareRight: count === 0 ? null : right / count,
  }));
}

/**
 * How far forecasts are from what came of them: Σ (n_b/n) |mean forecast − share right| over ten bins of equal width.
 * Edge cases: null without predictions; throws RangeError on a score outside [0, 1]. Source: Naeini et al., 2015.
 */
export function expectedCalibrationError(predictions: readonly Prediction[]): number | null {
  if (predictions.length === 0) return null;
  return reliabilityOf(predictions).reduce((sum, { predictions: count, meanForecast, shareRight }) => {
    return sum + (count / predictions.length) * Math.abs((meanForecast ?? 0) - (shareRight ?? 0));
  }, 0);
}
