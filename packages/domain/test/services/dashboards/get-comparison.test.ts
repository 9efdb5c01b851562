import { expect } from 'chai';
import { comparisonOutput } from '@studyin/api/schemas/dashboard-analytics';
import { getComparison } from '../../../src/services/get-comparison.ts';
import {
  expectAnswer,
  id,
  insertRows,
  learnerId,
  masteryRow,
  refusalOf,
  strangerId,
  today,
  topicRow,
  useDashboardApp,
} from './fixture.ts';

const NO_TOPIC = '00000000-0000-0000-0000-000000000000';
const steps = Array.from({ length: 101 }, (_, n) => n);

describe('getComparison', () => {
  const app = useDashboardApp();
  const distribution = (metric: string, asOf: string, over: object = {}) => ({
    metric,
    topic_id: NO_TOPIC,
    as_of: asOf,
    learners: 47,
    quantiles: steps.map((n) => n / 100),
    calculation_version: 1,
    calculated_at: '2026-03-18T02:00:00Z',
    ...over,
  });

  before(async () => {
    const { database } = app();
    await insertRows(database, 'topics', [topicRow('heart'), topicRow('lung'), topicRow('skin')]);
    await insertRows(database, 'topic_mastery', [masteryRow('heart', 0.62), masteryRow('skin', 0.5)]);
    await insertRows(database, 'user_learning_metrics', [
      {
        user_id: learnerId,
        mean_mastery: 0.62,
        accuracy_30d: null,
        active_days_30d: 3,
        active_seconds_30d: 4_530,
        as_of: '2026-03-17',
      },
    ]);
    await insertRows(database, 'peer_distributions', [
      // The week of Monday the 16th: its first is shown.
      distribution('mean_mastery', '2026-03-15', { quantiles: steps.map(() => 0) }),
      distribution('mean_mastery', '2026-03-16'),
      distribution('mean_mastery', '2026-03-17', { learners: 60, quantiles: steps.map(() => 1) }),
      distribution('minutes_30d', '2026-03-17', { learners: 20, quantiles: steps.map((n) => n * 2) }),
      distribution('topic_mastery', '2026-03-16', { topic_id: id('heart'), quantiles: steps.map(() => 0.611) }),
      distribution('topic_mastery', '2026-03-04', { topic_id: id('skin') }),
    ]);
  });

  it('tells a place between two deciles, for each number that there is', async () => {
    const comparison = await getComparison(app(), { userId: learnerId, today });
    expectAnswer(comparisonOutput, comparison);
    expect(comparison.topic).equal(null);
    const [mastery, accuracy, minutes] = comparison.metrics;
    expect(mastery).eql({
      metric: 'meanMastery',
      unit: 'share',
      value: 0.62,
      asOf: '2026-03-17',
      peersAsOf: '2026-03-16',
      learners: 40,
      deciles: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
      percentileFrom: 60,
      percentileTo: 70,
      insufficient: [],
    });
    expect(accuracy).include({ value: null, learners: null, percentileFrom: null });
    expect(accuracy?.insufficient).eql([
      { needed: 'own_value', need: 1 },
      { needed: 'learners', need: 20 },
    ]);
    expect(minutes).include({ value: 75.5, learners: 20, percentileFrom: 40, percentileTo: 50 });
    expect(minutes?.deciles).eql([20, 40, 60, 75, 105, 120, 135, 165, 180]);
  });

  it('shows one distribution a week, so that two nights are not subtracted', async () => {
    const shownOn = async (day: string) =>
      (await getComparison(app(), { userId: learnerId, today: day })).metrics.map((metric) => metric.peersAsOf);
    const shown = await shownOn('2026-03-17');
    for (const day of ['2026-03-18', '2026-03-19', '2026-03-22', '2026-03-29']) expect(await shownOn(day)).eql(shown);
    expect(await shownOn('2026-03-31'), 'nights that no longer compute it').eql([null, null, null]);
  });

  it('compares in one topic, and tells nothing of a group that is too small', async () => {
    const heart = await getComparison(app(), { userId: learnerId, topicId: id('heart'), today });
    expectAnswer(comparisonOutput, heart);
    expect(heart.topic).eql({ topicId: id('heart'), slug: 'heart', name: 'HEART' });
    expect(heart.metrics[0]).include({ metric: 'topicMastery', value: 0.62, percentileFrom: 90, percentileTo: 100 });
    expect(heart.metrics[0]?.deciles).eql(Array.from({ length: 9 }, () => 0.6));
    const skin = await getComparison(app(), { userId: learnerId, topicId: id('skin'), today });
    expect(skin.metrics[0]).include({ value: 0.5, peersAsOf: null, learners: null, deciles: null });
    const lung = await getComparison(app(), { userId: learnerId, topicId: id('lung'), today });
    expect(lung.metrics[0]?.insufficient.map(({ needed }) => needed)).eql(['own_value', 'learners']);
  });

  it('knows no unknown topic and no stranger', async () => {
    const compare = (userId: string, topicId?: string) => refusalOf(getComparison(app(), { userId, topicId, today }));
    expect(await compare(learnerId, id('nowhere'))).equal('not_found topicId');
    expect(await compare(strangerId)).equal('not_found userId');
    expect(await compare(strangerId, id('heart'))).equal('not_found userId');
  });
});
