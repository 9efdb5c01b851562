// Mastery version 1, the mission's formula. A learner's topic is a fold over its answers; the score is read off the state
// at a given time, so nothing here needs a clock.

const MS_PER_DAY = 86_400_000;
const EWMA_START = 0.5;
const EWMA_RATE = 0.3;
const MAX_HALF_LIFE_EXPONENT = 8;
const MIN_FIRST_ATTEMPTS = 3;
/** A score from which a topic counts as mastered, given enough evidence. */
export const MASTERED_SCORE = 0.8;

const WEIGHTS = { firstAttempt: 0.3, overall: 0.2, retrieval: 0.3, material: 0.2 };
// A topic without materials drops their term and divides by 0.80, else nothing in it could be mastered.
const WEIGHTS_WITHOUT_MATERIAL = { firstAttempt: 0.375, overall: 0.25, retrieval: 0.375, material: 0 };

export type TopicState = {
  readonly attempts: number;
  readonly correct: number;
  /** Questions whose first attempt ever by this learner was in this topic. */
  readonly questions: number;
  readonly firstCorrect: number;
  /** Recency-weighted correctness E in (0, 1). */
  readonly ewma: number;
  readonly firstAtMs: number | null;
  readonly lastAtMs: number | null;
  /** Sum of the times to answer. */
  readonly answerSeconds: number;
  /** What version 2 has estimated by its own answers: see `TopicAbility`. */
  readonly theta: number;
  readonly recent: number;
  readonly learnerTheta: number;
};

export type TopicAnswer = {
  readonly isCorrect: boolean;
  readonly isFirstAttempt: boolean;
  readonly atMs: number;
  readonly timeToAnswerSeconds: number;
};

/** Materials of a topic: how many there are and how many of them the learner had completed at the time asked for. */
export type MaterialProgress = { readonly total: number; readonly completed: number };

export type MasteryTerms = {
  readonly firstAttempt: number;
  readonly overall: number;
  readonly retrieval: number;
  readonly material: number;
};

export type Evidence = 'none' | 'not_enough_data' | 'enough';

export const emptyTopicState: TopicState = {
  attempts: 0,
  correct: 0,
  questions: 0,
  firstCorrect: 0,
  ewma: EWMA_START,
  firstAtMs: null,
  lastAtMs: null,
  answerSeconds: 0,
  theta: 0,
  recent: 0.5,
  learnerTheta: 0,
};

/**
 * The topic's state after one more answer; answers come in canonical order. What version 2 estimates stays as it is.
 * Formula: E ← E + 0.3 (y − E), E₀ = 0.5, y = 1 for a right answer, else 0; the rest are counts and sums.
 */
export function foldAnswer(state: TopicState, answer: TopicAnswer): TopicState {
  const right = answer.isCorrect ? 1 : 0;
  const first = answer.isFirstAttempt ? 1 : 0;
  return {
    ...state,
    attempts: state.attempts + 1,
    correct: state.correct + right,
    questions: state.questions + first,
    firstCorrect: state.firstCorrect + first * right,
    ewma: state.ewma + EWMA_RATE * (right - state.ewma),
    firstAtMs: state.firstAtMs ?? answer.atMs,
    lastAtMs: answer.atMs,
    answerSeconds: state.answerSeconds + answer.timeToAnswerSeconds,
  };
}

/**
 * Share right of the answers in a topic to questions that the learner had answered before; null as long as none came again.
 * Formula: (right − first right)/(answers − first answers).
 */
export function retentionOf({ correct, firstCorrect, attempts, questions }: TopicState): number | null {
  const repeats = attempts - questions;
  return repeats === 0 ? null : (correct - firstCorrect) / repeats;
}

/**
 * What is left of the topic in memory at `atMs`.
 * Formula: E · 2^(−d/h), h = 2^clamp(right − wrong, −8, 8).
 * Symbols: E in (0, 1) recency-weighted correctness; d ≥ 0 days since the last attempt; h half-life in days; result in
 * [0, 1). Edge cases: never practised, 0; a time before the last attempt, d = 0.
 * Source: half-life regression (Settles and Meeder, 2016) on the counts alone. Golden data: mastery_v1_v2_reference.json.
 */
export function retrievalStrength(state: TopicState, atMs: number): number {
  if (state.lastAtMs === null) return 0;
  const elapsedDays = Math.max(0, atMs - state.lastAtMs) / MS_PER_DAY;
  const wrong = state.attempts - state.correct;
  const exponent = Math.max(-MAX_HALF_LIFE_EXPONENT, Math.min(MAX_HALF_LIFE_EXPONENT, state.correct - wrong));
  return state.ewma * 2 ** (-elapsedDays / 2 ** exponent);
}

/**
 * Mastery of a topic at `atMs`.
 * Formula: 0.30 · first-attempt accuracy + 0.20 · overall accuracy + 0.30 · retrieval strength + 0.20 · material
 * completion; without materials the last term is dropped and the sum divided by 0.80.
 * Symbols: every part and the score in [0, 1].
 * Edge cases: null before the first answer (not 0); first-attempt accuracy is 0 while every question of the topic was
 * first tried in another one; more completed than there are counts as all.
 * Source: the mission's mastery score. Golden data: mastery_v1_v2_reference.json, 1e-6.
 */
export function masteryV1(state: TopicState, atMs: number, materials: MaterialProgress): number | null {
  const terms = masteryV1Terms(state, atMs, materials);
  return terms === null ? null : terms.firstAttempt + terms.overall + terms.retrieval + terms.material;
}

/** The four weighted terms of `masteryV1`; added from first to last they are the score to the bit. Null where it is. */
export function masteryV1Terms(state: TopicState, atMs: number, materials: MaterialProgress): MasteryTerms | null {
  if (state.attempts === 0) return null;
  const weights = masteryV1Weights(materials);
  return {
    firstAttempt: weights.firstAttempt * share(state.firstCorrect, state.questions),
    overall: weights.overall * share(state.correct, state.attempts),
    retrieval: weights.retrieval * retrievalStrength(state, atMs),
    material: weights.material * Math.min(1, share(materials.completed, materials.total)),
  };
}

/** What each term of `masteryV1` is multiplied by; they add up to 1. */
export function masteryV1Weights({ total }: Pick<MaterialProgress, 'total'>): MasteryTerms {
  return total > 0 ? WEIGHTS : WEIGHTS_WITHOUT_MATERIAL;
}

/** How far a topic's score may be trusted: `not_enough_data` under three first attempts. */
export function evidenceOf(state: TopicState): Evidence {
  if (state.attempts === 0) return 'none';
  return state.questions < MIN_FIRST_ATTEMPTS ? 'not_enough_data' : 'enough';
}

/** Whether a topic counts as mastered: a score of at least 0.8, on enough evidence. */
export function isMastered(score: number | null, evidence: Evidence): boolean {
  return score !== null && score >= MASTERED_SCORE && evidence === 'enough';
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
