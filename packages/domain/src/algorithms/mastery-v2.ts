// Mastery version 2: an online estimate whose every term is a log-odds. What moves with an answer are the answering learner's
// own numbers; all that was learned from other people is frozen in the model version.
import { probabilityOf, type Coefficients, type Difficulty } from './mastery-model.ts';

const LEARNER_RATE = 0.3;
const LEARNER_SLOWING = 0.02;
const TOPIC_RATE = 0.2;
const QUESTION_RATE = 1.2;
const QUESTION_SHARE = 0.5;
const RECENT_RATE = 0.5;
const MS_PER_MINUTE = 60_000;
const HALF_EVIDENCE = 5;

/** A learner's ability in log-odds, θ_u, and the answers it was estimated from. */
export type LearnerAbility = { readonly theta: number; readonly answers: number };

export type TopicAbility = {
  /** θ_ut: what the learner can do in the topic beyond their ability, in log-odds. */
  readonly theta: number;
  /** r in [0, 1]: share right of late. */
  readonly recent: number;
  /** θ_s: θ_u as far as the topic's own answers have taken it up; 0 before the first one. */
  readonly learnerTheta: number;
  /** Last answer in the topic; null before the first one. */
  readonly lastAtMs: number | null;
};

/** θ_uq: what the learner knows of one question beyond its topic, in log-odds. */
export type QuestionAbility = { readonly theta: number; readonly lastAtMs: number };

/** What is known of a learner just before they answer a question, and how easy it is for others. */
export type Standing = {
  readonly difficulty: Difficulty;
  readonly learner: LearnerAbility;
  readonly topic: TopicAbility;
  /** Undefined for a question never answered before. */
  readonly question: QuestionAbility | undefined;
};

export type MovedAbility = {
  readonly learner: LearnerAbility;
  readonly topic: Omit<TopicAbility, 'lastAtMs'>;
  readonly question: Pick<QuestionAbility, 'theta'>;
};

export const newLearner: LearnerAbility = { theta: 0, answers: 0 };
export const newTopic: TopicAbility = { theta: 0, recent: 0.5, learnerTheta: 0, lastAtMs: null };

/**
 * A learner's numbers after one more answer.
 * Formula: e = y − σ(a_q + θ_u + θ_ut + 0.5 θ_uq); θ_u += 0.3 e/(1 + 0.02 n_u); θ_ut += 0.2 e; r += 0.5 (y − r);
 * θ_uq += 1.2 e; n_u += 1; θ_s becomes the new θ_u, but moves at least as far as θ_u did, and never against the answer: after a
 * right one max(θ_s + Δθ_u, θ_u), after a wrong one min; a topic's first answer finds θ_s = θ_u.
 * Symbols: y 1 for a right answer, else 0; e in (−1, 1) the surprise; n_u answers so far; all start at 0, r at 0.5.
 * The step knows no time and no coefficient, so that a version differs from another in its counts alone.
 * Source: Elo rating of learners and items (Pelánek, 2016). Golden data: mastery_v1_v2_reference.json, 1e-6.
 */
export function moveAbility({ difficulty, learner, topic, question }: Standing, isCorrect: boolean): MovedAbility {
  const right = isCorrect ? 1 : 0;
  const own = question?.theta ?? 0;
  const expected = probabilityOf(difficulty.question + learner.theta + topic.theta + QUESTION_SHARE * own);
  const surprise = right - expected;
  const step = (LEARNER_RATE * surprise) / (1 + LEARNER_SLOWING * learner.answers);
  const theta = learner.theta + step;
  const known = (topic.lastAtMs === null ? learner.theta : topic.learnerTheta) + step;
  return {
    learner: { theta, answers: learner.answers + 1 },
    topic: {
      theta: topic.theta + TOPIC_RATE * surprise,
      recent: topic.recent + RECENT_RATE * (right - topic.recent),
      learnerTheta: isCorrect ? Math.max(known, theta) : Math.min(known, theta),
    },
    question: { theta: own + QUESTION_RATE * surprise },
  };
}

/** The values that the coefficients b₀ to b₉ are multiplied by, at `atMs`. Those of what was never seen are 0. */
export function questionFeatures(standing: Standing, atMs: number): readonly number[] {
  const { difficulty, learner, topic, question } = standing;
  return [
    1,
    difficulty.question,
    learner.theta,
    ...topicValues(topic),
    question?.theta ?? 0,
    question === undefined ? 0 : 1,
    pauseSince(topic.lastAtMs, atMs),
    pauseSince(question?.lastAtMs ?? null, atMs),
  ];
}

/**
 * The values that the coefficients c₀ to c₆ are multiplied by, at `atMs`. The ability is θ_s, once the topic has an answer: its score
 * is then a function of its own state and of time, and answers in other topics leave it alone.
 */
export function topicFeatures(standing: Omit<Standing, 'question'>, atMs: number): readonly number[] {
  const { difficulty, learner, topic } = standing;
  const theta = topic.lastAtMs === null ? learner.theta : topic.learnerTheta;
  return [1, difficulty.topic, theta, ...topicValues(topic), pauseSince(topic.lastAtMs, atMs)];
}

/** θ_ut, r − 0.5 and whether the topic is new. */
function topicValues({ theta, recent, lastAtMs }: TopicAbility): readonly [number, number, number] {
  return lastAtMs === null ? [0, 0, 1] : [theta, recent - 0.5, 0];
}

/** ln(1 + minutes); 0 for what was never seen, and for a time before the last answer. */
function pauseSince(lastAtMs: number | null, atMs: number): number {
  return lastAtMs === null ? 0 : Math.log1p(Math.max(0, atMs - lastAtMs) / MS_PER_MINUTE);
}

/**
 * Chance of a right answer to a question at `atMs`, in [0, 1].
 * Formula: σ(b₀ + b₁ a_q + b₂ θ_u + b₃ θ_ut + b₄ (r − 0.5) + b₅ [topic new] + b₆ θ_uq + b₇ [question seen] +
 * b₈ ln(1 + minutes since the topic) + b₉ ln(1 + minutes since the question)).
 * Golden data: mastery_v1_v2_reference.json, 1e-6.
 */
export function chanceOfRight({ question }: Coefficients, standing: Standing, atMs: number): number {
  return probabilityOf(sum(weighted(question, questionFeatures(standing, atMs))));
}

/**
 * Mastery of a topic at `atMs`, in [0, 1]: the chance that its next answer is right, whatever is asked.
 * Formula: σ(c₀ + c₁ a_s + c₂ θ_s + c₃ θ_ut + c₄ (r − 0.5) + c₅ [topic new] + c₆ ln(1 + minutes since the topic)).
 * Symbols: as in `moveAbility`; θ_s is θ_u where the topic is new.
 * Edge cases: a topic without an answer has an expectation here, and no score: that is the caller's to tell.
 * Golden data: mastery_v1_v2_reference.json, 1e-6.
 */
export function masteryV2(coefficients: Coefficients, standing: Omit<Standing, 'question'>, atMs: number): number {
  return probabilityOf(sum(masteryV2Terms(coefficients, standing, atMs)));
}

/** The terms of `masteryV2`, in the order of `topicTerms`: added from first to last they are its log-odds to the bit. */
export function masteryV2Terms(
  { topic }: Coefficients,
  standing: Omit<Standing, 'question'>,
  atMs: number,
): readonly number[] {
  return weighted(topic, topicFeatures(standing, atMs));
}

/**
 * How far a topic's score may be trusted, in [0, 1): n/(n + 5), where n counts first attempts whole and repeated ones half.
 * Under three first attempts it is below 0.3 unless a question was asked again and again; `evidenceOf` is the rule.
 */
export function confidenceOf({
  attempts,
  questions,
}: {
  readonly attempts: number;
  readonly questions: number;
}): number {
  const firsts = Math.min(questions, attempts);
  const counted = firsts + (attempts - firsts) / 2;
  return counted / (counted + HALF_EVIDENCE);
}

function weighted(coefficients: readonly number[], features: readonly number[]): readonly number[] {
  // Plus 0: no term is −0, which JSON does not know.
  return features.map((feature, n) => feature * (coefficients[n] ?? 0) + 0);
}

export function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term, 0);
}
