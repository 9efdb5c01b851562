export type Prediction = { readonly score: number; readonly isCorrect: boolean };

const MIN_PROBABILITY = 1e-15;

/**
 * Area under the ROC curve: the chance that a right answer was scored above a wrong one.
 * Formula: (R − n₁(n₁ + 1)/2) / (n₁ n₀). Symbols: R sum of the right answers' ranks by score, a tie sharing its mean
 * rank (so a tied pair counts ½); n₁ right and n₀ wrong answers; result in [0, 1].
 * Edge cases: null unless there are both right and wrong answers; throws RangeError on a score that is NaN.
 * O(n log n). Source: Mann and Whitney, 1947.
 */
export function auc(predictions: readonly Prediction[]): number | null {
  const right = predictions.filter((prediction) => prediction.isCorrect).length;
  const wrong = predictions.length - right;
  if (right === 0 || wrong === 0) return null;
  if (predictions.some(({ score }) => Number.isNaN(score))) throw new RangeError('a prediction is NaN');
  return (sumOfRightRanks(predictions) - (right * (right + 1)) / 2) / (right * wrong);
}

/**
 * Mean surprise of the outcomes under the predictions, in nats.
 * Formula: −(1/n) Σ ln(y p + (1 − y)(1 − p)). Symbols: p in [0, 1] the score, kept 1e-15 away from both ends; y the
 * outcome, 0 or 1. Edge cases: null without predictions; throws RangeError on a score outside [0, 1].
 */
export function logLoss(predictions: readonly Prediction[]): number | null {
  if (predictions.length === 0) return null;
  let surprise = 0;
  for (const { score, isCorrect } of predictions) {
    if (!(score >= 0 && score <= 1)) throw new RangeError(`prediction ${score} is not a probability`);
    const probability = isCorrect ? score : 1 - score;
    surprise -= Math.log(Math.min(1 - MIN_PROBABILITY, Math.max(MIN_PROBABILITY, probability)));
  }
  return surprise / predictions.length;
}

function sumOfRightRanks(predictions: readonly Prediction[]): number {
  const ordered = predictions.toSorted((a, b) => a.score - b.score);
  let sum = 0;
  let ranked = 0;
  while (ranked < ordered.length) {
    let tied = 0;
    let tiedRight = 0;
    const score = ordered[ranked]?.score;
    while (ordered[ranked + tied]?.score === score && ranked + tied < ordered.length) {
      if (ordered[ranked + tied]?.isCorrect === true) tiedRight += 1;
      tied += 1;
    }
    sum += tiedRight * (ranked + (tied + 1) / 2);
    ranked += tied;
  }
  return sum;
}
