import { expect } from 'chai';
import fc from 'fast-check';
import {
  computeReadiness,
  difficultyOf,
  eloModel,
  startWalk,
  type ExamTopic,
  type MasteryModel,
  type ModelAnswer,
  type Readiness,
} from '@studyin/domain/algorithms';
import { historyArbitrary, modelArbitrary } from './model-answers.ts';

const topic = (n: number, systemId: string, systemWeight: number, weight = 1): ExamTopic => ({
  topicId: `t${n}`,
  systemId,
  systemWeight,
  weight,
});
// t0 and t1 are a third of the exam, t1 twice as much of it as t0; t2 is the rest.
const exam = [topic(0, 'a', 5, 1), topic(1, 'a', 5, 2), topic(2, 'b', 10)];

function readinessAfter(
  answers: readonly ModelAnswer[],
  {
    model = eloModel,
    atMs = answers.at(-1)?.atMs ?? 0,
    topics = exam,
    version = 1,
  }: {
    readonly model?: MasteryModel;
    readonly atMs?: number;
    readonly topics?: readonly ExamTopic[];
    readonly version?: number;
  } = {},
): Readiness {
  const walk = startWalk(model);
  const attempts = new Map<string, number>();
  for (const answer of answers) {
    walk.take(answer, walk.standingBefore(answer));
    attempts.set(answer.topicId, (attempts.get(answer.topicId) ?? 0) + 1);
  }
  const standing = (topicId: string) => walk.standingBefore({ questionId: 'new', topicId });
  return computeReadiness({
    topics,
    learner: standing('t0').learner,
    abilityOf: (topicId) => {
      const answered = attempts.get(topicId);
      return answered === undefined ? undefined : { ...standing(topicId).topic, attempts: answered };
    },
    difficultyOf: (topicId) => difficultyOf(model, { questionId: 'new', topicId }).topic,
    coefficients: model.coefficients,
    modelVersion: version,
    atMs,
  });
}

const right = (topicId: string, count: number): readonly ModelAnswer[] =>
  Array.from({ length: count }, (_, n) => ({ questionId: `${topicId}/${n}`, topicId, isCorrect: true, atMs: n }));

describe('readiness', () => {
  it('is never lowered by one more right answer, whatever it is to, and lies within its interval in [0, 1]', () => {
    const cases = fc.tuple(modelArbitrary, historyArbitrary, fc.nat(7), fc.nat(3), fc.nat(10_000_000_000));
    fc.assert(
      fc.property(cases, ([model, answers, question, of, laterMs]) => {
        const atMs = (answers.at(-1)?.atMs ?? 0) + laterMs;
        const one = { questionId: `q${question}`, topicId: `t${of}`, isCorrect: true, atMs };
        const before = readinessAfter(answers, { model, atMs });
        const after = readinessAfter([...answers, one], { model, atMs });
        expect(after.score ?? NaN).least((before.score ?? NaN) - 1e-12);
        for (const { score, low, high, coverage } of [before, after]) {
          expect(score).within(low ?? NaN, high ?? NaN);
          expect(low).within(0, 1);
          expect(high).within(0, 1);
          expect(coverage).within(0, 1 + 1e-12);
        }
      }),
    );
  });

  it('weighs systems by their part of the exam, and topics by theirs of the system', () => {
    const { score, systems } = readinessAfter(right('t2', 20));
    const [a, b] = systems;
    expect(a).include({ systemId: 'a', coverage: 0 });
    expect(a?.share).closeTo(1 / 3, 1e-12);
    expect(b).include({ systemId: 'b', coverage: 1 });
    expect(score).closeTo((a?.score ?? 0) / 3 + (2 * (b?.score ?? 0)) / 3, 1e-12);
    expect(readinessAfter(right('t1', 3)).coverage).closeTo(2 / 9, 1e-12);
    expect(readinessAfter(right('t0', 3)).coverage).closeTo(1 / 9, 1e-12);
  });

  it('asks about all topics alike where the exam gives no weight', () => {
    const unweighted = exam.map((one) => ({ ...one, systemWeight: 0, weight: 0 }));
    expect(readinessAfter([], { topics: unweighted }).systems.map(({ share }) => share)).eql([0.5, 0.5]);
  });

  it('is surer the more was answered', () => {
    const width = ({ low, high }: Readiness): number => (high ?? 0) - (low ?? 0);
    const balanced = (count: number) =>
      readinessAfter(
        ['t0', 't1', 't2'].flatMap((id) => right(id, count).map((one, n) => ({ ...one, isCorrect: n % 2 === 0 }))),
      );
    expect(width(balanced(2))).above(width(balanced(4)));
    expect(width(balanced(4))).above(width(balanced(10)));
  });

  it('says why it says little', () => {
    expect(readinessAfter([], { version: 0 }).insufficient).eql(['no_model', 'few_answers', 'narrow']);
    expect(readinessAfter(right('t0', 40)).insufficient).eql(['narrow']);
    expect(readinessAfter(right('t2', 29)).insufficient).eql(['few_answers']);
    expect(readinessAfter(right('t2', 30)).insufficient).eql([]);
    expect(readinessAfter([], { topics: [] })).include({ score: null, low: null, high: null });
  });
});
