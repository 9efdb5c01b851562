// Answers for the tests of mastery version 2: random ones for properties, and ones with a truth behind them.
import fc from 'fast-check';
import {
  questionSigns,
  topicSigns,
  type Coefficients,
  type EvaluatedAnswer,
  type MasteryModel,
  type ModelAnswer,
  type Sign,
} from '@studyin/domain/algorithms';

const MINUTE = 60_000;

const coefficientArbitrary = (sign: Sign): fc.Arbitrary<number> => {
  const size = fc.double({ min: 0, max: 3, noNaN: true });
  if (sign === null) return fc.double({ min: -3, max: 3, noNaN: true });
  return sign === 'positive' ? size : size.map((value) => -value);
};

/** Any coefficients that keep to their signs. */
const coefficientsArbitrary: fc.Arbitrary<Coefficients> = fc.record({
  question: fc.tuple(...questionSigns.map(coefficientArbitrary)),
  topic: fc.tuple(...topicSigns.map(coefficientArbitrary)),
});

const countsArbitrary = fc.nat(200).chain((total) => fc.record({ right: fc.nat(total), total: fc.constant(total) }));
const mapOf = (prefix: string, size: number) =>
  fc
    .array(countsArbitrary, { minLength: size, maxLength: size })
    .map((counts) => new Map(counts.map((one, n) => [`${prefix}${n}`, one])));

/** A version that has counted the questions q0 to q5 of the topics t0 to t2. */
export const modelArbitrary: fc.Arbitrary<MasteryModel> = fc.record({
  version: fc.constant(1),
  all: countsArbitrary,
  topics: mapOf('t', 3),
  questions: mapOf('q', 6),
  coefficients: coefficientsArbitrary,
});

/** A learner's answers in canonical order, to q0 to q7 of t0 to t3. */
export const historyArbitrary: fc.Arbitrary<readonly ModelAnswer[]> = fc
  .array(
    fc.record({
      question: fc.nat(7),
      topic: fc.nat(3),
      isCorrect: fc.boolean(),
      waitMs: fc.integer({ min: 0, max: 20_000 * MINUTE }),
    }),
    { maxLength: 40 },
  )
  .map((answers) => {
    let atMs = 0;
    return answers.map(({ question, topic, isCorrect, waitMs }) => {
      atMs += waitMs;
      return { questionId: `q${question}`, topicId: `t${topic}`, isCorrect, atMs };
    });
  });

/** Answers of learners and to questions that truly differ, in time order; the same every time. */
export function truthfulAnswers(learners: number, answersEach: number): readonly EvaluatedAnswer[] {
  let seed = 7;
  const next = (): number => {
    seed = Math.imul(seed ^ (seed >>> 15), 2_246_822_519) + 374_761_393;
    return ((seed ^ (seed >>> 13)) >>> 0) / 4_294_967_296;
  };
  const abilities = Array.from({ length: learners }, () => 3 * (next() - 0.5));
  const easiness = Array.from({ length: 40 }, () => 3 * (next() - 0.5));
  return Array.from({ length: learners * answersEach }, (_, n) => {
    const learner = n % learners;
    const question = Math.floor(next() * easiness.length);
    const chance = 1 / (1 + Math.exp(-((abilities[learner] ?? 0) + (easiness[question] ?? 0))));
    return {
      learnerId: `u${learner}`,
      questionId: `q${question}`,
      topicId: `t${question % 5}`,
      isCorrect: next() < chance,
      atMs: n * 10 * MINUTE,
    };
  });
}
