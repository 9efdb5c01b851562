import type { AnswerQuality } from './answer-quality.ts';

const START_EASINESS = 2.5;
const MIN_EASINESS_HUNDREDTHS = 130;
const FIRST_INTERVAL_DAYS = 1;
const SECOND_INTERVAL_DAYS = 6;

export type Sm2State = {
  /** Easiness factor, at least 1.3. */
  readonly easiness: number;
  /** Reviews in a row with quality ≥ 3. */
  readonly repetitions: number;
  readonly intervalDays: number;
};

/**
 * SM-2: the state after one more review; `null` before the first.
 * Formula: quality ≥ 3: EF ← max(1.3, EF + 0.1 − (5 − q)(0.08 + 0.02 (5 − q))), n ← n + 1, I(1) = 1, I(2) = 6,
 * I(n) = ⌈I(n − 1) · EF⌉ with the new EF; quality < 3: n ← 0, I = 1, EF unchanged.
 * Symbols: q quality 0–5; EF easiness ≥ 1.3, 2.5 at first; n repetitions; I interval in days.
 * Edge cases: repeats within a day are not reviews: leave them out. Implementations differ (the old EF, rounding to
 * nearest, EF lowered by a failure); this is the definition.
 * Source: P. A. Wozniak, Optimization of learning, 1990. Golden data: sm2.json, exact.
 */
export function nextSm2State(state: Sm2State | null, quality: AnswerQuality): Sm2State {
  const { easiness, repetitions, intervalDays } = state ?? {
    easiness: START_EASINESS,
    repetitions: 0,
    intervalDays: 0,
  };
  if (quality < 3) return { easiness, repetitions: 0, intervalDays: FIRST_INTERVAL_DAYS };
  const hundredths = nextEasinessHundredths(easiness, quality);
  const next = { easiness: hundredths / 100, repetitions: repetitions + 1 };
  if (repetitions === 0) return { ...next, intervalDays: FIRST_INTERVAL_DAYS };
  if (repetitions === 1) return { ...next, intervalDays: SECOND_INTERVAL_DAYS };
  return { ...next, intervalDays: Math.ceil((intervalDays * hundredths) / 100) };
}

/**
 * Every step of the factor is a whole number of hundredths; in binary fractions 25 days by 2.2 are more than 55, and
 * would be rounded up to 56.
 */
function nextEasinessHundredths(easiness: number, quality: AnswerQuality): number {
  const missing = 5 - quality;
  return Math.max(MIN_EASINESS_HUNDREDTHS, Math.round(easiness * 100) + 10 - missing * (8 + 2 * missing));
}
