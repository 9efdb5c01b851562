import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, logOdds, probabilityOf, timeToMastery, type MasteryPoint } from '@studyin/domain/algorithms';

const TODAY = '2026-03-31';
const daysAgo = (days: number, mastery: number): MasteryPoint => ({ studyDay: addDays(TODAY, -days), mastery });
const slopeArbitrary = fc.double({ min: 0.02, max: 0.3, noNaN: true });

describe('the time to mastery', () => {
  it('is what the pace of the last four weeks says, in log-odds', () => {
    fc.assert(
      fc.property(slopeArbitrary, fc.double({ min: 0.2, max: 0.75, noNaN: true }), (slope, score) => {
        const points = [20, 12, 5, 0].map((ago) => daysAgo(ago, probabilityOf(logOdds(score) - slope * ago)));
        fc.pre(points.every(({ mastery }) => mastery > 0.01));
        const found = timeToMastery(points, score, TODAY);
        const days = (logOdds(0.8) - logOdds(score)) / slope;
        expect(found.state).equal('on_the_way');
        if (found.state === 'on_the_way') expect(found.days).within(Math.floor(days), Math.ceil(days + 1e-6) + 1);
      }),
    );
  });

  it('is the time it took, for a topic that is mastered', () => {
    const points = [daysAgo(30, 0.4), daysAgo(20, 0.7), daysAgo(12, 0.81), daysAgo(3, 0.9)];
    expect(timeToMastery(points, 0.88, TODAY)).eql({ state: 'mastered', days: 18 });
    expect(timeToMastery([daysAgo(2, 0.9)], 0.9, TODAY)).eql({ state: 'mastered', days: 0 });
  });

  it('is unknown without enough days, progress or an end in sight', () => {
    const few = [daysAgo(60, 0.1), daysAgo(3, 0.3), daysAgo(1, 0.4)];
    expect(timeToMastery(few, 0.4, TODAY)).eql({ state: 'unknown', why: 'few_days' });
    const falling = [daysAgo(9, 0.5), daysAgo(5, 0.4), daysAgo(1, 0.3)];
    expect(timeToMastery(falling, 0.3, TODAY)).eql({ state: 'unknown', why: 'no_progress' });
    const slow = [daysAgo(20, 0.2), daysAgo(10, 0.201), daysAgo(0, 0.202)];
    expect(timeToMastery(slow, 0.202, TODAY)).eql({ state: 'unknown', why: 'too_far' });
    expect(timeToMastery([daysAgo(2, 0), daysAgo(1, 0), daysAgo(0, 1)], 0.5, TODAY)).property('state', 'on_the_way');
  });
});
