// What the product's scores find out about learners whose truth is known.
import { expect } from 'chai';
import {
  compareCanonical,
  emptyLearnerState,
  foldAnswers,
  masteryV1,
  materialProgressAt,
  plainRules,
} from '@studyin/domain/algorithms';
import type { Answer, MaterialsByTopic } from '@studyin/domain/algorithms';
import { eventTimeMs } from '@studyin/domain/events';
import type { EventInput } from '@studyin/domain/events';
import { defaultCurriculum } from '@studyin/domain/services';
import { simulateLearner, simulateTruth } from '../src/simulator/simulate-learner.ts';
import type { SimulationOptions } from '../src/simulator/simulate-learner.ts';
import { studyTopicsOf } from '../src/simulator/study-topics.ts';
import { rankCorrelation } from './rank-correlation.ts';

const DAY_MS = 86_400_000;
// Few, so that many learners come to enough answers in each.
const topics = studyTopicsOf(defaultCurriculum()).slice(0, 6);
const keys = new Map(topics.flatMap(({ questions }) => questions.map(({ id, correctAnswer }) => [id, correctAnswer])));
const options: SimulationOptions = { topics, seed: 1, end: '2026-03-15', days: 180 };
const ANSWERS = 40;
const LEARNERS = 350;

function eventsOf(index: number): readonly EventInput[] {
  const all = [...simulateLearner(options, index)].flatMap(({ events }) => events);
  return [...new Map(all.map((event) => [event.eventId, event])).values()];
}

function answersOf(events: readonly EventInput[]): readonly Answer[] {
  return events
    .flatMap((event): readonly Answer[] => {
      if (event.eventType !== 'question_attempt') return [];
      const { eventId: id = '', topicId = '', questionId, properties } = event;
      const isCorrect = properties.selectedAnswer === keys.get(questionId);
      return [
        { id, atMs: eventTimeMs(id), studyDay: '2026-01-01', questionId, topicId, isCorrect, timeToAnswerSeconds: 1 },
      ];
    })
    .toSorted(compareCanonical);
}

function materialsOf(events: readonly EventInput[]): MaterialsByTopic {
  const done = events.filter(({ eventType }) => eventType === 'material_complete');
  return new Map(
    topics.map(({ id, materials }) => {
      const firsts = materials.flatMap((material) => {
        const times = done.flatMap((event) =>
          'materialId' in event && event.materialId === material.id ? [eventTimeMs(event.eventId ?? '')] : [],
        );
        return times.length === 0 ? [] : [Math.min(...times)];
      });
      return [id, { total: materials.length, completedAtMs: firsts.toSorted((a, b) => a - b) }];
    }),
  );
}

describe('the truth of simulated learners', function () {
  this.timeout(60_000);

  it('is found by mastery-v1: rank correlation at least .8 at the 40th answer in a topic', () => {
    const abilities: [number, number][] = [];
    const recalls: [number, number][] = [];
    for (let index = 0; index < LEARNERS; index += 1) {
      const truth = simulateTruth(options, index);
      const events = eventsOf(index);
      const answers = answersOf(events);
      const materials = materialsOf(events);
      for (const { id: topicId, questions } of topics) {
        const own = answers.filter((answer) => answer.topicId === topicId).slice(0, ANSWERS);
        const atMs = own.at(-1)?.atMs ?? 0;
        const state = foldAnswers(emptyLearnerState, own, { ...plainRules, materials }).state.topics.get(topicId);
        if (own.length < ANSWERS || state === undefined) continue;
        const score = masteryV1(state, atMs, materialProgressAt(materials.get(topicId), atMs)) ?? Number.NaN;
        const recall = questions.reduce((sum, question) => sum + truth.recallAt({ ...question, topicId }, atMs), 0);
        abilities.push([score, truth.abilityAt(topicId, atMs)]);
        recalls.push([score, recall / questions.length]);
      }
    }
    expect(abilities.length).greaterThan(400);
    expect(rankCorrelation(abilities)).greaterThan(0.8);
    expect(rankCorrelation(recalls)).greaterThan(0.8);
  });

  it('grows by practice, fades by waiting, and can be asked of any time', () => {
    const truth = simulateTruth(options, 4);
    const answers = answersOf(eventsOf(4));
    const [first, last] = [answers[0], answers.at(-1)];
    if (first === undefined || last === undefined) throw new Error('this learner has answers');
    const { questionId: id, topicId } = first;
    const question = { id, topicId, difficulty: 0.5 };
    expect(truth.recallAt(question, first.atMs + 60_000)).greaterThan(truth.recallAt(question, first.atMs - 1));
    const later = [0, 1, 10, 100].map((days) => truth.recallAt(question, last.atMs + 60_000 + days * DAY_MS));
    expect(later).eql(later.toSorted((a, b) => b - a));
    expect(truth.abilityAt(topicId, last.atMs + 3_650 * DAY_MS)).closeTo(truth.abilityAt(topicId, 0), 1e-6);
  });

  it('decides the answers: each is right as often as recall says', () => {
    const asked = Array.from({ length: 60 }, (_, index) => index).flatMap((index) => {
      const truth = simulateTruth(options, index);
      const difficulty = new Map(topics.flatMap(({ questions }) => questions.map((q) => [q.id, q.difficulty])));
      return answersOf(eventsOf(index)).map(({ questionId: id, topicId, atMs, isCorrect }) => ({
        chance: truth.recallAt({ id, topicId, difficulty: difficulty.get(id) ?? 0.5 }, atMs - 1),
        isCorrect,
      }));
    });
    for (const [from, to] of [
      [0.15, 0.4],
      [0.4, 0.6],
      [0.6, 0.8],
      [0.8, 1],
    ] as const) {
      const some = asked.filter(({ chance }) => chance >= from && chance < to);
      const expected = some.reduce((sum, { chance }) => sum + chance, 0) / some.length;
      const right = some.filter(({ isCorrect }) => isCorrect).length / some.length;
      expect(some.length).greaterThan(200);
      expect(right).closeTo(expected, 0.06); // hints help a little
    }
  });
});
