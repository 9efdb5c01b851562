// FSRS-6 through ts-fsrs: the formulas are the library's, days and their arithmetic are ours. The one file of this room that
// imports a library, and of it one class: what else ts-fsrs exports reads the clock.
import { FSRSAlgorithm } from 'ts-fsrs';
import type { ReviewRating } from './answer-quality.ts';

/** Chance of recall at which a review is due. */
export const DESIRED_RETENTION = 0.9;

/** A century: no interval is longer, whichever the scheduler. */
export const MAX_INTERVAL_DAYS = 36_500;

// w₀ to w₂₀ as published; given here, so that another default of the library changes no due day.
const WEIGHTS: readonly number[] = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
  0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];

const GRADES: Readonly<Record<ReviewRating, number>> = { again: 1, hard: 2, good: 3, easy: 4 };

const algorithm = new FSRSAlgorithm({
  w: WEIGHTS,
  request_retention: DESIRED_RETENTION,
  maximum_interval: MAX_INTERVAL_DAYS,
  enable_fuzz: false,
  enable_short_term: true,
});

export type MemoryState = {
  /** Days after which the chance of recall has fallen to 0.9; 0.001 to 36,500. */
  readonly stability: number;
  /** 1 to 10. */
  readonly difficulty: number;
};

/**
 * FSRS-6: the memory of a question after one more review; `null` before the first.
 * Formula: first S = w[G − 1], D = w₄ − e^(w₅ (G − 1)) + 1; within a day S ← S · S^(−w₁₉) e^(w₁₇ (G − 3 + w₁₈)), which no
 * rating but again lets shrink; else recall or forgetting stability at R(elapsed); D by linear damping and mean reversion.
 * Symbols: G 1 again to 4 easy; S stability in days; D difficulty; elapsed whole study days ≥ 0, 0 the same study day.
 * Edge cases: throws RangeError on a negative or fractional number of days. A same-day hard never shrinks S here and in
 * fsrs-rs; it does in py-fsrs.
 * Source: open-spaced-repetition, FSRS-6, default weights. Golden data: fsrs6_published.json, 1e-7 to 1e-4.
 */
export function nextMemoryState(state: MemoryState | null, rating: ReviewRating, elapsedDays: number): MemoryState {
  assertDays(elapsedDays);
  const { stability, difficulty } = algorithm.next_state(state, elapsedDays, GRADES[rating]);
  return { stability, difficulty };
}

/**
 * Days from a review until the chance of recall falls to the desired retention.
 * Formula: I = S/FACTOR · (r^(1/DECAY) − 1), rounded; DECAY = −w₂₀, FACTOR = 0.9^(1/DECAY) − 1; r = 0.9 makes it round(S).
 * Symbols: S stability in days; r desired retention. Edge cases: at least 1 day, at most 36,500; no fuzz.
 * Source and golden data: as `nextMemoryState`.
 */
export function fsrsIntervalDays(stability: number): number {
  return algorithm.next_interval(stability, 0);
}

/**
 * Chance of recall some days after the last review.
 * Formula: R = (1 + FACTOR · elapsed/S)^DECAY. Symbols: as `fsrsIntervalDays`; R in (0, 1].
 * Edge cases: 1 on the day of the review; throws RangeError on a negative or fractional number of days.
 * Source and golden data: as `nextMemoryState`.
 */
export function fsrsRetrievability(stability: number, elapsedDays: number): number {
  assertDays(elapsedDays);
  return algorithm.forgetting_curve(elapsedDays, stability);
}

function assertDays(elapsedDays: number): void {
  if (Number.isInteger(elapsedDays) && elapsedDays >= 0) return;
  throw new RangeError(`${elapsedDays} is not a whole number of days since the last review`);
}
