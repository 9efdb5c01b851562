import { expect } from 'chai';
import fc from 'fast-check';
import {
  addDays,
  computeForgettingCurve,
  expectedRecall,
  fsrsRetrievability,
  type CurveAnswer,
} from '@studyin/domain/algorithms';

const on = (days: number, isCorrect: boolean, questionId = 'q'): CurveAnswer => ({
  questionId,
  studyDay: addDays('2026-01-01', days),
  isCorrect,
});

describe('the forgetting curve', () => {
  it('counts each review where the days since the answer before say', () => {
    const { observed, young, mature } = computeForgettingCurve([
      on(0, true),
      on(1, true),
      on(3, false),
      on(10, true),
      on(10, false),
      on(40, true),
      on(200, false),
    ]);
    const found = observed.filter(({ reviews }) => reviews > 0);
    expect(found.map(({ fromDays, right, reviews }) => [fromDays, right, reviews])).eql([
      [1, 1, 1],
      [2, 0, 1],
      [4, 1, 1],
      [15, 1, 1],
    ]);
    expect(young).eql({ reviews: 3, right: 2, retention: 2 / 3 });
    expect(mature).eql({ reviews: 2, right: 1, retention: 0.5 });
  });

  it('is of reviews: no first answers, none of the same day, and none across questions', () => {
    const { young, mature } = computeForgettingCurve([
      on(0, true),
      on(0, false),
      on(5, true, 'other'),
      on(5, false, 'other'),
    ]);
    expect(young).eql({ reviews: 0, right: 0, retention: null });
    expect(mature.reviews).equal(0);
  });

  it('has each review in young or mature, and once in a span of up to 120 days', () => {
    const answers = fc.array(fc.tuple(fc.nat(3), fc.nat(60), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(answers, (steps) => {
        let day = 0;
        const all = steps.map(([question, wait, isCorrect]) => on((day += wait), isCorrect, `q${question}`));
        const { observed, young, mature } = computeForgettingCurve(all);
        const days = [...Map.groupBy(all, ({ questionId }) => questionId).values()]
          .map((own) => new Set(own.map(({ studyDay }) => studyDay)).size - 1)
          .reduce((sum, reviews) => sum + reviews, 0);
        expect(young.reviews + mature.reviews).equal(days);
        expect(observed.reduce((sum, { reviews }) => sum + reviews, 0)).most(days);
      }),
    );
  });

  it('is expected to fall from 1, as the mean over the questions', () => {
    const points = expectedRecall([2, 30]);
    expect(points[0]).eql({ days: 0, recall: 1 });
    const recalls = points.map(({ recall }) => recall);
    expect(recalls).eql(recalls.toSorted((a, b) => b - a));
    const week = points.find(({ days }) => days === 7);
    expect(week?.recall).closeTo((fsrsRetrievability(2, 7) + fsrsRetrievability(30, 7)) / 2, 1e-12);
    expect(expectedRecall([])).eql([]);
  });
});
