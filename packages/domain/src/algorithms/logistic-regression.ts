// Logistic regression with coefficients that may not change their sign.
import type { Sign } from './mastery-model.ts';
import { solveSymmetric } from './solve-symmetric.ts';

export type Sample = {
  /** Row after row, `width` values each. */
  readonly features: Float64Array;
  /** 1 for a right answer, else 0. */
  readonly outcomes: Uint8Array;
  readonly width: number;
};

export type FitOptions = {
  readonly signs: readonly Sign[];
  /** Where the search begins, and what the coefficients are drawn to where the sample says nothing. */
  readonly start: readonly number[];
};

// Enough to hold a coefficient that no answer moves, too little to hold one that they do.
const RIDGE = 1e-4;
const MAX_STEPS = 60;
const SMALLEST_GAIN = 1e-12;

/**
 * The coefficients w that make the outcomes least surprising.
 * Formula: min over w of (1/n) Σ ln(1 + e^(−z)) with z = ±w·x, plus 0.0001/2 |w − start|², each w held to its sign.
 * Method: Newton steps on the coefficients that are free, projected to the signs, halved until the objective falls
 * (Bertsekas, 1982). The objective is strictly convex, so that the result is the one minimum; it is the same in every run.
 * Edge cases: without rows the start, projected. O(steps · n · width²).
 */
export function fitLogistic(sample: Sample, { signs, start }: FitOptions): readonly number[] {
  let weights = project(start, signs);
  if (sample.outcomes.length === 0) return weights;
  let here = objective(sample, weights, start);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = newtonStep(sample, { weights, value: here, signs, start });
    if (next === null || here - next.value < SMALLEST_GAIN) break;
    weights = next.weights;
    here = next.value;
  }
  return weights;
}

type Point = { readonly weights: readonly number[]; readonly value: number };

function newtonStep(sample: Sample, { weights, value, signs, start }: Point & FitOptions): Point | null {
  const { gradient, hessian } = derivatives(sample, weights, start);
  const free = weights.flatMap((weight, n) => (isHeld(weight, gradient[n] ?? 0, signs[n] ?? null) ? [] : [n]));
  const direction = solveSymmetric(
    free.map((row) => free.map((column) => hessian[row * weights.length + column] ?? 0)),
    free.map((n) => -(gradient[n] ?? 0)),
  );
  for (let length = 1; length > 1e-8; length /= 2) {
    const moved = [...weights];
    for (const [place, n] of free.entries()) moved[n] = (moved[n] ?? 0) + length * (direction[place] ?? 0);
    const candidate = project(moved, signs);
    const there = objective(sample, candidate, start);
    if (there < value) return { weights: candidate, value: there };
  }
  return null;
}

/** On its bound, and the objective would fall only beyond it. */
function isHeld(weight: number, gradient: number, sign: Sign): boolean {
  if (sign === null || weight !== 0) return false;
  return sign === 'positive' ? gradient > 0 : gradient < 0;
}

function project(weights: readonly number[], signs: readonly Sign[]): readonly number[] {
  return weights.map((weight, n) => {
    const sign = signs[n] ?? null;
    if (sign === 'positive') return Math.max(0, weight);
    return sign === 'negative' ? Math.min(0, weight) : weight;
  });
}

function objective(
  { features, outcomes, width }: Sample,
  weights: readonly number[],
  start: readonly number[],
): number {
  let loss = 0;
  for (let row = 0; row < outcomes.length; row += 1) {
    const logit = dot(features, row * width, weights);
    loss += softplus(outcomes[row] === 1 ? -logit : logit);
  }
  const pull = weights.reduce((sum, weight, n) => sum + (weight - (start[n] ?? 0)) ** 2, 0);
  return loss / outcomes.length + (RIDGE / 2) * pull;
}

type Derivatives = { readonly gradient: Float64Array; readonly hessian: Float64Array };

function derivatives(
  { features, outcomes, width }: Sample,
  weights: readonly number[],
  start: readonly number[],
): Derivatives {
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  for (let row = 0; row < outcomes.length; row += 1) {
    const from = row * width;
    const chance = 1 / (1 + Math.exp(-dot(features, from, weights)));
    const error = chance - (outcomes[row] ?? 0);
    const curvature = chance * (1 - chance);
    for (let i = 0; i < width; i += 1) {
      const value = features[from + i] ?? 0;
      if (value === 0) continue;
      gradient[i] = (gradient[i] ?? 0) + error * value;
      for (let j = 0; j <= i; j += 1) {
        const place = i * width + j;
        hessian[place] = (hessian[place] ?? 0) + curvature * value * (features[from + j] ?? 0);
      }
    }
  }
  const rows = outcomes.length;
  for (let i = 0; i < width; i += 1) {
    gradient[i] = (gradient[i] ?? 0) / rows + RIDGE * ((weights[i] ?? 0) - (start[i] ?? 0));
    for (let j = 0; j <= i; j += 1) {
      const value = (hessian[i * width + j] ?? 0) / rows + (i === j ? RIDGE : 0);
      hessian[i * width + j] = value;
      hessian[j * width + i] = value;
    }
  }
  return { gradient, hessian };
}

function dot(features: Float64Array, from: number, weights: readonly number[]): number {
  let total = 0;
  for (let n = 0; n < weights.length; n += 1) total += (features[from + n] ?? 0) * (weights[n] ?? 0);
  return total;
}

/** ln(1 + e^x) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
