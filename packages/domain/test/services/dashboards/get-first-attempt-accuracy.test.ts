import { expect } from 'chai';
import { firstAttemptAccuracyOutput } from '@studyin/api/schemas/dashboard';
import { getFirstAttemptAccuracy } from '../../../src/services/get-first-attempt-accuracy.ts';
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

describe('getFirstAttemptAccuracy', () => {
  const app = useDashboardApp();
  const query = { userId: learnerId, today, days: 7 };

  before(async () => {
    await insertRows(app().database, 'question_progress', [
      progressRow('too old', '2026-03-11'),
      progressRow('a', '2026-03-12', { as_of: '2026-03-18T11:00:00Z' }),
      // right in the end, wrong at first sight
      progressRow('b', '2026-03-12', { attempts: 3, correct: 2, first_correct: false }),
      progressRow('c', '2026-03-18', { topic_id: id('other topic') }),
      progressRow('d', '2026-03-18', { first_correct: false, correct: 0 }),
      progressRow('e', '2026-03-18'),
      progressRow('f', '2026-03-18', { user_id: id('another learner'), first_correct: false }),
    ]);
  });

  it('counts the questions first tried in the window, by day', async () => {
    const answer = await getFirstAttemptAccuracy(app(), query);
    expectAnswer(firstAttemptAccuracyOutput, answer);
    expect(answer).to.deep.equal({
      asOf: '2026-03-18T11:00:00.000Z',
      topicId: null,
      questions: 5,
      correct: 3,
      accuracy: 0.6,
      series: { days: ['2026-03-12', '2026-03-18'], questions: [2, 3], correct: [1, 2], accuracy: [0.5, 2 / 3] },
    });
  });

  it('answers one topic', async () => {
    const answer = await getFirstAttemptAccuracy(app(), { ...query, topicId: id('other topic') });
    expect(answer).to.include({ topicId: id('other topic'), questions: 1, correct: 1, accuracy: 1 });
  });

  it('has no accuracy without a first attempt, and knows no stranger', async () => {
    const answer = await getFirstAttemptAccuracy(app(), { ...query, today: '2030-01-01' });
    expectAnswer(firstAttemptAccuracyOutput, answer);
    expect(answer).to.deep.include({ asOf: null, questions: 0, accuracy: null });
    expect(await refusalOf(getFirstAttemptAccuracy(app(), { ...query, userId: strangerId }))).to.equal(
      'not_found userId',
    );
  });
});
