// How a learner would do in an exam today: what mastery version 2 expects of questions that they have never seen.
import type { Coefficients } from './mastery-model.ts';
import { chanceOfRight, newTopic, type LearnerAbility, type TopicAbility } from './mastery-v2.ts';

const EXAM_QUESTIONS = 200;
/** Of a standard normal, between which 90% lie. */
const NINETY_PERCENT = 1.6449;
// What people differ by, in log-odds, before anything is known of them: over all topics, and from topic to topic.
const LEARNER_SPREAD = 1.2;
const TOPIC_SPREAD = 1;
// Older answers tell of someone who has learned and forgotten since: however many there are, they count as these.
const LEARNER_MEMORY = 50;
const TOPIC_MEMORY = 12;
// What one answer tells of a log-odds: p (1 − p) at p = 0.72.
const INFORMATION = 0.2;
const MIN_ANSWERS = 30;
const MIN_COVERAGE = 0.25;
const FEW_ANSWERS = 3;

export type ExamTopic = {
  readonly topicId: string;
  readonly systemId: string;
  /** Of the system in the exam, at least 0; the same for all its topics. */
  readonly systemWeight: number;
  /** Of the topic within its system, at least 0. */
  readonly weight: number;
};

export type ReadinessInput = {
  /** All topics that the exam asks about. */
  readonly topics: readonly ExamTopic[];
  readonly learner: LearnerAbility;
  readonly abilityOf: (topicId: string) => (TopicAbility & { readonly attempts: number }) | undefined;
  /** a_s */
  readonly difficultyOf: (topicId: string) => number;
  readonly coefficients: Coefficients;
  /** 0: nothing was learned from answers yet. */
  readonly modelVersion: number;
  readonly atMs: number;
};

/** `no_model`: too few people have answered anything. `few_answers`: under 30. `narrow`: under a quarter of the exam practised. */
export type ReadinessLack = 'no_model' | 'few_answers' | 'narrow';

export type SystemReadiness = {
  readonly systemId: string;
  /** Part of the exam. */
  readonly share: number;
  readonly score: number;
  readonly coverage: number;
};

export type Readiness = {
  /** Expected share right of 200 questions drawn by exam weight, in [0, 1]; null where the exam has no topic. */
  readonly score: number | null;
  /** Between the two lies the share right of 9 in 10 such exams. */
  readonly low: number | null;
  readonly high: number | null;
  /** Part of the exam, by weight, with at least three answers in its topic. */
  readonly coverage: number;
  readonly systems: readonly SystemReadiness[];
  /** Why the numbers say little; empty where they say enough. */
  readonly insufficient: readonly ReadinessLack[];
};

/**
 * What a learner may expect of an exam at `atMs`.
 * Formula: score = Σ w_t p_t; p_t = P(right) of a question of the topic that the learner has never seen and that is as hard as
 * its topic; w_t the topic's part of the exam: its system's weight among systems, times its own among the system's topics.
 * Interval: score ± 1.645 s; s² = score (1 − score)/200 + (σ_u Σ w_t d_t)² + Σ (σ_t w_t d_t)², d_t = p_t (1 − p_t) how far a topic
 * moves for one log-odds; σ² = 1/(1/spread² + 0.2 n) what is not known after n answers of the learner (spread 1.2, n at most 50)
 * and in the topic (1, 12): these four numbers are chosen so that 9 in 10 of simulated learners come to lie within.
 * One more right answer lowers no p_t and so never the score. Edge case: weights that are all 0 count alike.
 */
export function computeReadiness(input: ReadinessInput): Readiness {
  const expected = examShares(input.topics).map(({ topic, share }) => expectTopic(input, topic, share));
  const score = sumOf(expected, ({ share, chance }) => share * chance);
  const coverage = sumOf(expected, ({ share, attempts }) => (attempts >= FEW_ANSWERS ? share : 0));
  if (expected.length === 0) {
    return { score: null, low: null, high: null, coverage, systems: [], insufficient: ['narrow'] };
  }
  const half = NINETY_PERCENT * deviationOf(input, expected, score);
  return {
    score,
    low: Math.max(0, score - half),
    high: Math.min(1, score + half),
    coverage,
    systems: systemsOf(expected),
    insufficient: lacksOf(input, coverage),
  };
}

type Expected = {
  readonly systemId: string;
  readonly share: number;
  readonly chance: number;
  readonly attempts: number;
};

function expectTopic(input: ReadinessInput, { topicId, systemId }: ExamTopic, share: number): Expected {
  const ability = input.abilityOf(topicId);
  const easiness = input.difficultyOf(topicId);
  const standing = {
    difficulty: { question: easiness, topic: easiness },
    learner: input.learner,
    topic: ability ?? newTopic,
    question: undefined,
  };
  const chance = chanceOfRight(input.coefficients, standing, input.atMs);
  return { systemId, share, chance, attempts: ability?.attempts ?? 0 };
}

function deviationOf({ learner }: ReadinessInput, expected: readonly Expected[], score: number): number {
  const moved = ({ share, chance }: Expected): number => share * chance * (1 - chance);
  const common = sumOf(expected, moved) * unknown(LEARNER_SPREAD, Math.min(learner.answers, LEARNER_MEMORY));
  const own = sumOf(expected, (topic) => {
    return (moved(topic) * unknown(TOPIC_SPREAD, Math.min(topic.attempts, TOPIC_MEMORY))) ** 2;
  });
  return Math.sqrt((score * (1 - score)) / EXAM_QUESTIONS + common ** 2 + own);
}

/** What is left of a spread in log-odds after some answers. */
function unknown(spread: number, answers: number): number {
  return 1 / Math.sqrt(1 / spread ** 2 + INFORMATION * answers);
}

/** Each topic's part of the exam. */
function examShares(topics: readonly ExamTopic[]): readonly { readonly topic: ExamTopic; readonly share: number }[] {
  const systems = [...Map.groupBy(topics, ({ systemId }) => systemId).values()];
  const ofSystems = sharesOf(systems.map(([first]) => first?.systemWeight ?? 0));
  return systems.flatMap((ofSystem, n) => {
    const own = sharesOf(ofSystem.map(({ weight }) => weight));
    return ofSystem.map((topic, place) => ({ topic, share: (ofSystems[n] ?? 0) * (own[place] ?? 0) }));
  });
}

function sharesOf(weights: readonly number[]): readonly number[] {
  const sum = sumOf(weights, (weight) => weight);
  return weights.map((weight) => (sum > 0 ? weight / sum : 1 / weights.length));
}

function systemsOf(expected: readonly Expected[]): readonly SystemReadiness[] {
  return [...Map.groupBy(expected, ({ systemId }) => systemId)].map(([systemId, topics]) => {
    const share = sumOf(topics, (topic) => topic.share);
    const within = (read: (topic: Expected) => number): number =>
      share > 0 ? sumOf(topics, (topic) => topic.share * read(topic)) / share : sumOf(topics, read) / topics.length;
    return {
      systemId,
      share,
      score: within(({ chance }) => chance),
      coverage: within(({ attempts }) => (attempts >= FEW_ANSWERS ? 1 : 0)),
    };
  });
}

function lacksOf({ learner, modelVersion }: ReadinessInput, coverage: number): readonly ReadinessLack[] {
  const lacks: ReadinessLack[] = [];
  if (modelVersion === 0) lacks.push('no_model');
  if (learner.answers < MIN_ANSWERS) lacks.push('few_answers');
  if (coverage < MIN_COVERAGE) lacks.push('narrow');
  return lacks;
}

function sumOf<T>(list: readonly T[], read: (one: T) => number): number {
  return list.reduce((sum, one) => sum + read(one), 0);
}
