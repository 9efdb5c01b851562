// How well mastery would have forecast a log of answers, had the product been there from the first of them on: each answer is
// predicted from those before it alone, and versions are made as a product makes them, whenever the answers have doubled.
import { countAnswers, startWalk, type AbilityWalk, type ModelAnswer } from './answer-walk.ts';
import { auc, logLoss, type Prediction } from './auc.ts';
import { expectedCalibrationError, reliabilityOf, type ReliabilityBin } from './calibration.ts';
import { FIRST_FIT, fitMasteryModel, lastFifthFrom, type FittedModel } from './fit-mastery-model.ts';
import { predictAnswers } from './fold-answers.ts';
import { eloModel, type MasteryModel } from './mastery-model.ts';
import { chanceOfRight, masteryV2 } from './mastery-v2.ts';
import { sampleLearners } from './sample-learners.ts';

export type EvaluatedAnswer = ModelAnswer & { readonly learnerId: string };

export type Forecasts<T> = { readonly masteryV1: T; readonly masteryV2: T; readonly nextQuestion: T };

export type Evaluation = {
  readonly attempts: number;
  /** Null where all answers are right, or all wrong. Version 1 counts a topic without a score as 0. */
  readonly auc: Forecasts<number | null>;
  /** In nats. Of version 1 over topics with a score alone. */
  readonly logLoss: Forecasts<number | null>;
  readonly ece: Forecasts<number | null>;
  readonly reliability: Forecasts<readonly ReliabilityBin[]>;
  /** The versions that were made on the way, and what became of them. */
  readonly versions: readonly (Pick<FittedModel, 'before' | 'after' | 'isBetter'> & {
    readonly version: number;
    readonly answers: number;
  })[];
};

/**
 * The prequential evaluation of answers that are in time order. Deterministic.
 * `onProgress` is called now and then with the number of answers forecast. O(n · versions).
 */
export function evaluateMastery(
  answers: readonly EvaluatedAnswer[],
  { onProgress }: { readonly onProgress?: (done: number) => void } = {},
): Evaluation {
  const masteryOf: Prediction[] = [];
  const next: Prediction[] = [];
  const learning = startLearning();
  for (const [index, answer] of answers.entries()) {
    const { model, walk } = learning.at(answer);
    const standing = walk.standingBefore(answer);
    const { isCorrect, atMs } = answer;
    masteryOf.push({ score: masteryV2(model.coefficients, standing, atMs), isCorrect });
    next.push({ score: chanceOfRight(model.coefficients, standing, atMs), isCorrect });
    walk.take(answer, standing);
    learning.took(answer);
    if (index % 1_000 === 0) onProgress?.(index);
  }
  return { ...measure(answers, masteryOf, next), versions: learning.versions };
}

function measure(
  answers: readonly EvaluatedAnswer[],
  masteryOf: readonly Prediction[],
  next: readonly Prediction[],
): Omit<Evaluation, 'versions'> {
  const first = forecastsV1(answers);
  const scored = first.flatMap(({ score, isCorrect }) => (score === null ? [] : [{ score, isCorrect }]));
  const all = { masteryV1: scored, masteryV2: masteryOf, nextQuestion: next };
  const unscoredAsZero = first.map(({ score, isCorrect }) => ({ score: score ?? 0, isCorrect }));
  return {
    attempts: answers.length,
    auc: forEach({ ...all, masteryV1: unscoredAsZero }, auc),
    logLoss: forEach(all, logLoss),
    ece: forEach(all, expectedCalibrationError),
    reliability: forEach(all, reliabilityOf),
  };
}

function forecastsV1(answers: readonly EvaluatedAnswer[]) {
  return [...Map.groupBy(answers, ({ learnerId }) => learnerId).values()].flatMap((history) =>
    predictAnswers(
      history.map((answer, n) => ({
        ...answer,
        id: String(n).padStart(12, '0'),
        studyDay: '', // no forecast looks at it
        timeToAnswerSeconds: 0,
      })),
      new Map(),
    ),
  );
}

function forEach<A, B>(forecasts: Forecasts<A>, compute: (forecast: A) => B): Forecasts<B> {
  return {
    masteryV1: compute(forecasts.masteryV1),
    masteryV2: compute(forecasts.masteryV2),
    nextQuestion: compute(forecasts.nextQuestion),
  };
}

/** Times may be equal, and in a log of mere order they all are: the place of an answer among all tells its time. */
type PlacedAnswer = EvaluatedAnswer & { readonly place: number };

type Learning = {
  /** The model that is active and the walk of the answer's learner under it. */
  at(answer: EvaluatedAnswer): { readonly model: MasteryModel; readonly walk: AbilityWalk };
  took(answer: EvaluatedAnswer): void;
  readonly versions: Evaluation['versions'][number][];
};

function startLearning(): Learning {
  const histories = new Map<string, PlacedAnswer[]>();
  const walks = new Map<string, AbilityWalk>();
  const versions: Evaluation['versions'][number][] = [];
  let active: MasteryModel = eloModel;
  let taken = 0;
  const isDue = (): boolean => {
    const last = versions.at(-1);
    if (last !== undefined) return taken >= 2 * last.answers;
    return taken >= FIRST_FIT.answers && histories.size >= FIRST_FIT.learners;
  };
  const learn = (): void => {
    const { model, ...judged } = fitAll(histories, active, versions.length + 1);
    versions.push({ version: model.version, answers: taken, ...judged });
    if (!judged.isBetter) return;
    active = model;
    walks.clear(); // each learner is folded anew when they answer next
  };
  return {
    versions,
    at: ({ learnerId }) => {
      if (isDue()) learn();
      const walk = walks.get(learnerId) ?? walkAgain(active, histories.get(learnerId) ?? []);
      walks.set(learnerId, walk);
      return { model: active, walk };
    },
    took: (answer) => {
      const history = histories.get(answer.learnerId);
      const placed = { ...answer, place: taken };
      if (history === undefined) histories.set(answer.learnerId, [placed]);
      else history.push(placed);
      taken += 1;
    },
  };
}

function fitAll(
  histories: ReadonlyMap<string, readonly PlacedAnswer[]>,
  active: MasteryModel,
  version: number,
): FittedModel {
  const sampled = sampleLearners(new Map([...histories].map(([id, answers]) => [id, answers.length])));
  const sample = sampled.map((id) => histories.get(id) ?? []);
  const all = [...histories.values()].flat();
  const from = lastFifthFrom(sample.flatMap((answers) => answers.map(({ place }) => place))) ?? Infinity;
  return fitMasteryModel({
    histories: sample,
    isJudged: ({ place }) => place >= from,
    counts: countAnswers(all),
    countsBefore: countAnswers(all.filter(({ place }) => place < from)),
    active,
    version,
  });
}

function walkAgain(model: MasteryModel, answers: readonly ModelAnswer[]): AbilityWalk {
  const walk = startWalk(model);
  for (const answer of answers) walk.take(answer, walk.standingBefore(answer));
  return walk;
}
