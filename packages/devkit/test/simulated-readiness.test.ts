// Whether readiness comes true for simulated learners, whose exam can be held as often as one likes.
import { expect } from 'chai';
import {
  compareCanonical,
  computeReadiness,
  countAnswers,
  difficultyOf,
  eloModel,
  expectedCalibrationError,
  fitMasteryModel,
  lastFifthFrom,
  startWalk,
} from '@studyin/domain/algorithms';
import type { ExamTopic, MasteryModel, ModelAnswer, Readiness } from '@studyin/domain/algorithms';
import { eventTimeMs } from '@studyin/domain/events';
import { defaultCurriculum } from '@studyin/domain/services';
import { createRandom } from '../src/simulator/random.ts';
import type { Random } from '../src/simulator/random.ts';
import { simulateLearner, simulateTruth } from '../src/simulator/simulate-learner.ts';
import type { SimulationOptions } from '../src/simulator/simulate-learner.ts';
import { studyTopicsOf } from '../src/simulator/study-topics.ts';

const QUESTIONS = 200;
const curriculum = defaultCurriculum();
const outline = new Map((curriculum.topics ?? []).map((topic) => [topic.id, topic]));

function systemOf(topicId: string) {
  let topic = outline.get(topicId);
  while (topic !== undefined && (topic.level ?? 0) > 1) topic = outline.get(topic.parentId ?? '');
  if (topic === undefined) throw new Error(`topic ${topicId} lies in no system`);
  return topic;
}

type Cohort = SimulationOptions & { readonly learners: number };

function examOf({ topics }: Cohort): readonly ExamTopic[] {
  return topics.map(({ id }) => {
    const system = systemOf(id);
    return { topicId: id, systemId: system.id, systemWeight: system.boardExamWeight ?? 0, weight: 1 };
  });
}

function answersOf(cohort: Cohort, index: number): readonly ModelAnswer[] {
  const keys = new Map(cohort.topics.flatMap(({ questions }) => questions.map((one) => [one.id, one.correctAnswer])));
  const events = [...simulateLearner(cohort, index)].flatMap((day) => day.events);
  return [...new Map(events.map((event) => [event.eventId, event])).values()]
    .flatMap((event) => {
      if (event.eventType !== 'question_attempt') return [];
      const { eventId: id = '', topicId = '', questionId, properties } = event;
      return [
        {
          id,
          atMs: eventTimeMs(id),
          topicId,
          questionId,
          isCorrect: properties.selectedAnswer === keys.get(questionId),
        },
      ];
    })
    .toSorted(compareCanonical);
}

function modelOf(histories: readonly (readonly ModelAnswer[])[]): MasteryModel {
  const all = histories.flat();
  const cutMs = lastFifthFrom(all.map(({ atMs }) => atMs)) ?? 0;
  const { model, isBetter } = fitMasteryModel({
    histories,
    isJudged: ({ atMs }) => atMs >= cutMs,
    counts: countAnswers(all),
    countsBefore: countAnswers(all.filter(({ atMs }) => atMs < cutMs)),
    active: eloModel,
    version: 1,
  });
  expect(isBetter).equal(true);
  return model;
}

function readinessOf(
  model: MasteryModel,
  exam: readonly ExamTopic[],
  answers: readonly ModelAnswer[],
  atMs: number,
): Readiness {
  const walk = startWalk(model);
  for (const answer of answers) walk.take(answer, walk.standingBefore(answer));
  const attempts = countAnswers(answers).topics;
  const standing = (topicId: string) => walk.standingBefore({ questionId: '', topicId });
  return computeReadiness({
    topics: exam,
    learner: standing('').learner,
    abilityOf: (topicId) => {
      const answered = attempts.get(topicId);
      return answered === undefined ? undefined : { ...standing(topicId).topic, attempts: answered.total };
    },
    difficultyOf: (topicId) => difficultyOf(model, { questionId: '', topicId }).topic,
    coefficients: model.coefficients,
    modelVersion: model.version,
    atMs,
  });
}

/** Share right of an exam of questions that are like those of the curriculum, and new to the learner. */
function holdExam(cohort: Cohort, index: number, atMs: number): number {
  const random = createRandom(`exam/${cohort.seed}/${index}`);
  const truth = simulateTruth(cohort, index);
  const bySystem = [...Map.groupBy(cohort.topics, ({ id }) => systemOf(id).id)];
  const weights = bySystem.map(([systemId]) => outline.get(systemId)?.boardExamWeight ?? 0);
  let right = 0;
  for (let n = 0; n < QUESTIONS; n += 1) {
    const topic = random.pick(bySystem[draw(weights, random)]?.[1] ?? []);
    const { difficulty } = random.pick(topic.questions);
    if (random.chance(truth.recallAt({ id: `exam ${n}`, topicId: topic.id, difficulty }, atMs))) right += 1;
  }
  return right / QUESTIONS;
}

function draw(weights: readonly number[], random: Random): number {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  return weights.findIndex((weight) => (left -= weight) < 0);
}

describe('readiness of simulated learners', function () {
  this.timeout(60_000);

  for (const [topics, days, seed] of [
    [12, 90, 4],
    [75, 120, 5],
  ] as const) {
    it(`comes true over ${days} days in ${topics} topics: error at most .05, 85 to 95% within the interval`, () => {
      const all = studyTopicsOf(curriculum).slice(0, topics);
      const cohort: Cohort = { topics: all, days, seed, end: '2026-03-15', learners: 250 };
      const atMs = Date.parse('2026-03-16T00:00:00Z');
      const histories = Array.from({ length: cohort.learners }, (_, index) => answersOf(cohort, index));
      const model = modelOf(histories);
      const exam = examOf(cohort);
      const held = histories
        .map((answers, index) => ({ index, readiness: readinessOf(model, exam, answers, atMs) }))
        .filter(({ readiness }) => readiness.insufficient.length === 0)
        .map(({ index, readiness }) => ({ ...readiness, result: holdExam(cohort, index, atMs) }));
      expect(held.length).above(60);
      const forecasts = held.flatMap(({ score, result }) =>
        Array.from({ length: QUESTIONS }, (_, n) => ({ score: score ?? NaN, isCorrect: n < result * QUESTIONS })),
      );
      expect(expectedCalibrationError(forecasts)).most(0.05);
      const within = held.filter(({ low, high, result }) => result >= (low ?? 1) && result <= (high ?? 0));
      expect(within.length / held.length).within(0.85, 0.95);
    });
  }
});
