// A new version of mastery 2, learned from answers and judged by answers that it has not seen.
import { countAnswers, startWalk, type AnswerCounts, type ModelAnswer } from './answer-walk.ts';
import { fitLogistic, type Sample } from './logistic-regression.ts';
import {
  eloModel,
  questionSigns,
  questionTerms,
  topicSigns,
  topicTerms,
  type Coefficients,
  type MasteryModel,
} from './mastery-model.ts';
import { chanceOfRight, masteryV2, questionFeatures, topicFeatures } from './mastery-v2.ts';

/** Answers that a fit learns from at most; a learner of more than a tenth of them is left out. */
export const FITTED_ANSWERS = 200_000;
/** A first version is not made of less. */
export const FIRST_FIT = { answers: 3_000, learners: 30 };

const JUDGED_SHARE = 0.2;
const MIN_PROBABILITY = 1e-15;

/** Mean surprise in nats over the answers that judge: of the next question's forecast, and of the topic's mastery. */
export type ModelQuality = { readonly nextQuestion: number; readonly mastery: number };

export type FittedModel = {
  readonly model: MasteryModel;
  /** Of the version that is active, on the last fifth by time. */
  readonly before: ModelQuality;
  /** Of the candidate on the same answers, made of those before them alone. */
  readonly after: ModelQuality;
  /** Whether the candidate's two figures add up to less than those of the active version. */
  readonly isBetter: boolean;
};

export type FitInput<A extends ModelAnswer> = {
  /** The sampled learners' answers, each learner's in canonical order. */
  readonly histories: readonly (readonly A[])[];
  /** Whether an answer is of the last fifth: earlier ones teach, later ones judge. */
  readonly isJudged: (answer: A) => boolean;
  /** Over all learners. */
  readonly counts: AnswerCounts;
  /** Over all learners, of the answers that teach. */
  readonly countsBefore: AnswerCounts;
  readonly active: MasteryModel;
  readonly version: number;
};

/** Where the last fifth of some times begins; null without any. */
export function lastFifthFrom(times: Iterable<number>): number | null {
  const inOrder = Float64Array.from(times).sort();
  return inOrder[Math.floor(inOrder.length * (1 - JUDGED_SHARE))] ?? null;
}

/**
 * A candidate: coefficients fitted on the histories under counts that leave out the learner at hand, as a new answer finds them.
 * It is judged by a twin that knew nothing of the last fifth, then made of all answers. Deterministic.
 */
export function fitMasteryModel<A extends ModelAnswer>(input: FitInput<A>): FittedModel {
  const { histories, isJudged, counts, countsBefore, active, version } = input;
  const early = histories.map((answers) => answers.filter((answer) => !isJudged(answer)));
  const twin = { ...countsBefore, coefficients: fitCoefficients(early, countsBefore) };
  const before = judge(input, active);
  const after = judge(input, twin);
  const model = { version, ...counts, coefficients: fitCoefficients(histories, counts) };
  return { model, before, after, isBetter: after.nextQuestion + after.mastery < before.nextQuestion + before.mastery };
}

/** b and c for the histories, each learner's own answers taken off the counts. */
function fitCoefficients(histories: readonly (readonly ModelAnswer[])[], counts: AnswerCounts): Coefficients {
  const rows = histories.reduce((sum, answers) => sum + answers.length, 0);
  const outcomes = new Uint8Array(rows);
  const question = { features: new Float64Array(rows * questionTerms.length), outcomes, width: questionTerms.length };
  const topic = { features: new Float64Array(rows * topicTerms.length), outcomes, width: topicTerms.length };
  let row = 0;
  for (const answers of histories) {
    const walk = startWalk(counts, { without: countAnswers(answers) });
    for (const answer of answers) {
      const standing = walk.standingBefore(answer);
      setRow(question, row, questionFeatures(standing, answer.atMs));
      setRow(topic, row, topicFeatures(standing, answer.atMs));
      outcomes[row] = answer.isCorrect ? 1 : 0;
      walk.take(answer, standing);
      row += 1;
    }
  }
  const { coefficients: start } = eloModel;
  return {
    question: fitLogistic(question, { signs: questionSigns, start: start.question }),
    topic: fitLogistic(topic, { signs: topicSigns, start: start.topic }),
  };
}

function setRow({ features, width }: Sample, row: number, values: readonly number[]): void {
  for (const [n, value] of values.entries()) features[row * width + n] = value;
}

/** Each answer of the last fifth, forecast from its learner's past. */
function judge<A extends ModelAnswer>(
  { histories, isJudged }: Pick<FitInput<A>, 'histories' | 'isJudged'>,
  model: AnswerCounts & { readonly coefficients: Coefficients },
): ModelQuality {
  let judged = 0;
  let nextQuestion = 0;
  let mastery = 0;
  for (const answers of histories) {
    const walk = startWalk(model);
    for (const answer of answers) {
      const standing = walk.standingBefore(answer);
      if (isJudged(answer)) {
        judged += 1;
        nextQuestion += surprise(chanceOfRight(model.coefficients, standing, answer.atMs), answer);
        mastery += surprise(masteryV2(model.coefficients, standing, answer.atMs), answer);
      }
      walk.take(answer, standing);
    }
  }
  return { nextQuestion: nextQuestion / judged, mastery: mastery / judged };
}

function surprise(chance: number, { isCorrect }: ModelAnswer): number {
  return -Math.log(Math.max(MIN_PROBABILITY, isCorrect ? chance : 1 - chance));
}
