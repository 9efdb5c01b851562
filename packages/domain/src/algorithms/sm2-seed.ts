import type { AnswerQuality } from './answer-quality.ts';

/**
 * The mission's scheduling rule: days until the next review. It is not SM-2, for no easiness is carried from one review
 * to the next.
 * Formula: quality < 3 → 1; else interval 0 → 1; 1 → 6; else ⌊interval · (1.3 + (quality − 3) · 0.2)⌋.
 * Symbols: interval in days ≥ 0, 0 before the first review; quality 0–5.
 * Edge cases: an interval of 2 stays 2 on quality 3. Source: the mission's quick reference, under the name of SM-2.
 * Golden data: seed_sm2_variant.json, exact.
 */
export function nextSm2SeedInterval(intervalDays: number, quality: AnswerQuality): number {
  if (quality < 3) return 1;
  if (intervalDays === 0) return 1;
  if (intervalDays === 1) return 6;
  return Math.trunc(intervalDays * (1.3 + (quality - 3) * 0.2));
}
