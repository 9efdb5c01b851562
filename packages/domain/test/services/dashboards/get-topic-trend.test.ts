import { expect } from 'chai';
import { topicTrendOutput } from '@studyin/api/schemas/dashboard';
import { getTopicTrend } from '../../../src/services/get-topic-trend.ts';
import {
  expectAnswer,
  id,
  insertRows,
  learnerId,
  refusalOf,
  strangerId,
  today,
  topicRow,
  useDashboardApp,
} from './fixture.ts';

describe('getTopicTrend', () => {
  const app = useDashboardApp();
  const query = { userId: learnerId, topicId: id('heart'), today, days: 30 };

  before(async () => {
    const { database } = app();
    const day = (topic: string, studyDay: string, over: object) => ({
      user_id: learnerId,
      topic_id: id(topic),
      stat_date: studyDay,
      seconds: 0,
      materials_viewed: 0,
      questions_attempted: 0,
      questions_correct: 0,
      accuracy: null,
      mastery_before: null,
      mastery_after: null,
      as_of: studyDay,
      ...over,
    });
    await insertRows(database, 'topics', [topicRow('heart'), topicRow('lung')]);
    await insertRows(database, 'topic_daily_stats', [
      day('heart', '2026-02-16', { seconds: 600 }),
      day('heart', '2026-02-17', {
        seconds: 603,
        questions_attempted: 4,
        questions_correct: 3,
        accuracy: 0.75,
        mastery_after: 0.6,
      }),
      day('heart', '2026-03-15', { seconds: 60, materials_viewed: 2 }),
      day('heart', '2026-03-18', {
        questions_attempted: 1,
        questions_correct: 0,
        accuracy: 0,
        mastery_before: 0.5,
        mastery_after: 0.4,
      }),
      day('lung', '2026-03-18', { seconds: 1_000 }),
    ]);
  });

  it('has a column entry for each day on which the topic was studied in the window', async () => {
    const trend = await getTopicTrend(app(), query);
    expectAnswer(topicTrendOutput, trend);
    expect(trend).to.deep.equal({
      asOf: '2026-03-18',
      topicId: id('heart'),
      slug: 'heart',
      name: 'HEART',
      days: ['2026-02-17', '2026-03-15', '2026-03-18'],
      minutes: [10.1, 1, 0],
      materialsViewed: [0, 2, 0],
      questions: [4, 0, 1],
      correct: [3, 0, 0],
      accuracy: [0.75, null, 0],
      masteryBefore: [null, null, 0.5],
      masteryAfter: [0.6, null, 0.4],
    });
  });

  it('is empty columns for a topic not studied in the window', async () => {
    const trend = await getTopicTrend(app(), { ...query, topicId: id('lung'), today: '2027-01-01' });
    expectAnswer(topicTrendOutput, trend);
    expect(trend).to.deep.include({ asOf: null, slug: 'lung', days: [], masteryAfter: [] });
  });

  it('knows no unknown topic and no stranger', async () => {
    expect(await refusalOf(getTopicTrend(app(), { ...query, topicId: id('no topic') }))).to.equal('not_found topicId');
    expect(await refusalOf(getTopicTrend(app(), { ...query, userId: strangerId }))).to.equal('not_found userId');
  });
});
