// How well an answer went, read from what was recorded of it: nobody is asked to grade themselves.

/** Names the rules below: a row scheduled by other rules is not comparable. */
export const ANSWER_QUALITY_VERSION = 1;

const FAST_SECONDS = 30;
const FAST_CONFIDENCE = 4;
const NEAR_MISS_SECONDS = 10;
const NEAR_MISS_CONFIDENCE = 3;

export type RatedAnswer = {
  readonly isCorrect: boolean;
  readonly timeToAnswerSeconds: number;
  /** 1 guess to 5 certain; null where it was not asked. */
  readonly confidenceLevel: number | null;
  /** A hint was shown before the answer. */
  readonly hintUsed: boolean;
  /** The explanation was read before the answer was sent. */
  readonly explanationViewed: boolean;
};

/** SM-2's grade of a response: 0 blackout to 5 perfect; below 3 it counts as forgotten. */
export type AnswerQuality = 0 | 1 | 2 | 3 | 4 | 5;

/** FSRS's grade of a review. */
export type ReviewRating = 'again' | 'hard' | 'good' | 'easy';

/**
 * Quality of an answer, 0 to 5.
 * Formula: wrong 1, a near miss 2 (at least 10 s and confidence ≥ 3); right with a hint or an explanation first 3, right 4,
 * right within 30 s with confidence ≥ 4 and no help 5.
 * Symbols: time in seconds ≥ 0; confidence 1–5.
 * Edge cases: confidence that was not asked is neither a near miss nor a 5; 0 is never given, since an answer that was
 * chosen is not a blackout. Source: version 1 of our own rules on SM-2's scale.
 */
export function answerQuality(answer: RatedAnswer): AnswerQuality {
  const { isCorrect, timeToAnswerSeconds, confidenceLevel } = answer;
  const confidence = confidenceLevel ?? 0;
  if (!isCorrect) return timeToAnswerSeconds >= NEAR_MISS_SECONDS && confidence >= NEAR_MISS_CONFIDENCE ? 2 : 1;
  if (hadHelp(answer)) return 3;
  return timeToAnswerSeconds <= FAST_SECONDS && confidence >= FAST_CONFIDENCE ? 5 : 4;
}

/**
 * FSRS's rating of an answer.
 * Formula: wrong again, right good, right with a hint or an explanation first hard.
 * Edge cases: never easy: multiple choice does not tell an effortless recall from a lucky pick. Source: version 1 of our
 * own rules.
 */
export function reviewRating(answer: RatedAnswer): Exclude<ReviewRating, 'easy'> {
  if (!answer.isCorrect) return 'again';
  return hadHelp(answer) ? 'hard' : 'good';
}

function hadHelp({ hintUsed, explanationViewed }: RatedAnswer): boolean {
  return hintUsed || explanationViewed;
}
