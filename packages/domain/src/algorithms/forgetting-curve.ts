// How a learner forgets, from their own answers: a review is an answer to a question that was answered on an earlier study day.
import { fsrsRetrievability } from './fsrs-6.ts';
import { daysBetween } from './study-day.ts';

// From a day on, each twice as long as the one before, roughly.
const SPANS = [
  [1, 1],
  [2, 3],
  [4, 7],
  [8, 14],
  [15, 30],
  [31, 60],
  [61, 120],
] as const;
const MATURE_DAYS = 21;
const CURVE_DAYS = [0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90] as const;

export type CurveAnswer = {
  readonly questionId: string;
  readonly studyDay: string;
  readonly isCorrect: boolean;
};

export type ReviewCounts = {
  readonly reviews: number;
  readonly right: number;
  /** Share right; null without a review. */
  readonly retention: number | null;
};

export type ForgettingSpan = ReviewCounts & {
  /** Study days since the question's answer before, both ends included. */
  readonly fromDays: number;
  readonly toDays: number;
};

export type ForgettingCurve = {
  /** What came of the learner's own reviews. */
  readonly observed: readonly ForgettingSpan[];
  /** Reviews within 20 days, and after 21 or more. */
  readonly young: ReviewCounts;
  readonly mature: ReviewCounts;
};

/**
 * Reviews by the study days that lay before them. `answers` in canonical order; the first answer to a question and a second one
 * on the same day are no reviews, and a review after more than 120 days counts in `mature` alone. O(n).
 */
export function computeForgettingCurve(answers: readonly CurveAnswer[]): ForgettingCurve {
  const lastDay = new Map<string, string>();
  const reviews: { readonly days: number; readonly isCorrect: boolean }[] = [];
  for (const { questionId, studyDay, isCorrect } of answers) {
    const before = lastDay.get(questionId);
    const days = before === undefined ? 0 : daysBetween(before, studyDay);
    if (days > 0) reviews.push({ days, isCorrect });
    if (before === undefined || days > 0) lastDay.set(questionId, studyDay);
  }
  const countBetween = (from: number, to: number): ReviewCounts => {
    const some = reviews.filter(({ days }) => days >= from && days <= to);
    const right = some.filter(({ isCorrect }) => isCorrect).length;
    return { reviews: some.length, right, retention: some.length === 0 ? null : right / some.length };
  };
  return {
    observed: SPANS.map(([fromDays, toDays]) => ({ fromDays, toDays, ...countBetween(fromDays, toDays) })),
    young: countBetween(1, MATURE_DAYS - 1),
    mature: countBetween(MATURE_DAYS, Infinity),
  };
}

export type RecallPoint = { readonly days: number; readonly recall: number };

/**
 * What FSRS-6 expects: the mean chance of recall over questions of these stabilities, so many days after their last answers.
 * Empty without any.
 */
export function expectedRecall(stabilities: readonly number[]): readonly RecallPoint[] {
  if (stabilities.length === 0) return [];
  return CURVE_DAYS.map((days) => ({
    days,
    recall: stabilities.reduce((sum, stability) => sum + fsrsRetrievability(stability, days), 0) / stabilities.length,
  }));
}
