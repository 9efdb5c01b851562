import { expect } from 'chai';
import { reviewForecastOutput, reviewQueueOutput } from '@studyin/api/schemas/dashboard-reviews';
import { getReviewForecast } from '../../../src/services/get-review-forecast.ts';
import { listDueReviews } from '../../../src/services/list-due-reviews.ts';
import {
  expectAnswer,
  id,
  insertRows,
  learnerId,
  progressRow,
  refusalOf,
  strangerId,
  today,
  useDashboardApp,
} from './fixture.ts';

const otherId = id('learner by sm2');

// Retrievability on 18 March by hand: (1 + F · days/S)^−.1542 with F = .9^(−1/.1542) − 1; .9 where days = S.
const question = (
  name: string,
  due: string | null,
  rest: { readonly last: string; readonly stability: number | null },
) => progressRow(name, rest.last, { due_day: due, interval_days: 5, stability: rest.stability });

describe('listDueReviews and getReviewForecast', () => {
  const app = useDashboardApp();
  const nameOf = new Map(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => [id(name), name]));
  const names = (ids: readonly string[]): string => ids.map((one) => nameOf.get(one)).join('');

  before(async () => {
    const { database } = app();
    await insertRows(database, 'learners', [{ user_id: otherId }, { user_id: id('idle') }]);
    await insertRows(database, 'question_progress', [
      question('a', '2026-03-17', { last: '2026-03-08', stability: 10 }), // overdue, .9
      question('b', '2026-03-10', { last: '2026-03-08', stability: 2 }), // overdue, five times its stability
      question('c', today, { last: '2026-03-08', stability: 20 }), // half its stability
      question('d', today, { last: '2026-03-08', stability: 5 }),
      question('e', today, { last: today, stability: 5 }), // answered today in another zone: 1
      question('f', '2026-03-19', { last: '2026-03-08', stability: 1 }),
      question('g', '2026-04-16', { last: '2026-03-08', stability: 30 }),
      question('h', '2026-04-17', { last: '2026-03-08', stability: 30 }),
      question('unscheduled', null, { last: '2026-03-08', stability: null }),
    ]);
    await insertRows(
      database,
      'question_progress',
      [
        question('b', today, { last: '2026-03-08', stability: null }),
        question('a', '2026-03-17', { last: '2026-03-08', stability: null }),
        question('c', '2026-03-12', { last: '2026-03-08', stability: null }),
      ].map((row) => ({ ...row, user_id: otherId })),
    );
  });

  it('shows what is due: the overdue first, and of each the most forgotten first', async () => {
    const queue = await listDueReviews(app(), { userId: learnerId, today, limit: 200 });
    expectAnswer(reviewQueueOutput, queue);
    expect(names(queue.questionIds)).to.equal('badce');
    expect(queue).to.include({ asOf: today, total: 5 });
    expect(queue.overdueDays).to.deep.equal([8, 1, 0, 0, 0]);
    expect(queue.dueDays).to.deep.equal(['2026-03-10', '2026-03-17', today, today, today]);
    expect(queue.intervalDays).to.deep.equal([5, 5, 5, 5, 5]);
    expect(queue.lastAnsweredOn).to.deep.equal(
      queue.questionIds.map((one) => (one === id('e') ? today : '2026-03-08')),
    );
    expect(queue.topicIds).to.deep.equal(queue.questionIds.map(() => id('topic')));
    const factor = 0.9 ** (-1 / 0.1542) - 1;
    const byHand = [5, 1, 2, 0.5, 0].map((ratio) => (1 + factor * ratio) ** -0.1542);
    for (const [n, value] of queue.retrievability.entries()) expect(value).to.be.closeTo(byHand[n] ?? NaN, 1e-6);
    expect(queue.retrievability[1]).to.be.closeTo(0.9, 1e-6);
  });

  it('shows as many as were asked for, and how many there are', async () => {
    const queue = await listDueReviews(app(), { userId: learnerId, today, limit: 2 });
    expect([names(queue.questionIds), queue.total]).to.deep.equal(['ba', 5]);
  });

  it('without a model of memory comes by due day', async () => {
    const queue = await listDueReviews(app(), { userId: otherId, today, limit: 9 });
    expectAnswer(reviewQueueOutput, queue);
    expect(names(queue.questionIds)).to.equal('cab');
    expect(queue.retrievability).to.deep.equal([null, null, null]);
  });

  it('counts the days to come, the overdue today', async () => {
    const forecast = await getReviewForecast(app(), { userId: learnerId, today, days: 30 });
    expectAnswer(reviewForecastOutput, forecast);
    expect(forecast.days).to.have.length(30);
    expect([forecast.days[0], forecast.days.at(-1)]).to.deep.equal([today, '2026-04-16']);
    expect(forecast.due.slice(0, 3)).to.deep.equal([5, 1, 0]);
    expect(forecast.due.at(-1)).to.equal(1);
    expect(forecast.due.reduce((sum, due) => sum + due)).to.equal(7);
    expect(forecast.overdue).to.equal(2);
    const oneDay = await getReviewForecast(app(), { userId: learnerId, today, days: 1 });
    expect(oneDay).to.deep.equal({ asOf: today, days: [today], due: [5], overdue: 2 });
  });

  it('is empty for a learner who has done nothing, and knows no stranger', async () => {
    const queue = await listDueReviews(app(), { userId: id('idle'), today, limit: 5 });
    expectAnswer(reviewQueueOutput, queue);
    expect(queue.total).to.equal(0);
    expect((await getReviewForecast(app(), { userId: id('idle'), today, days: 3 })).due).to.deep.equal([0, 0, 0]);
    expect(await refusalOf(listDueReviews(app(), { userId: strangerId, today, limit: 5 }))).to.equal(
      'not_found userId',
    );
    expect(await refusalOf(getReviewForecast(app(), { userId: strangerId, today, days: 3 }))).to.equal(
      'not_found userId',
    );
  });
});
