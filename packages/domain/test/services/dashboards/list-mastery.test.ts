import { expect } from 'chai';
import { masteryOutput } from '@studyin/api/schemas/dashboard';
import { listMastery } from '../../../src/services/list-mastery.ts';
import {
  expectAnswer,
  id,
  insertRows,
  learnerId,
  masteryRow,
  refusalOf,
  strangerId,
  topicRow,
  useDashboardApp,
} from './fixture.ts';

describe('listMastery', () => {
  const app = useDashboardApp();
  const idleId = id('idle');

  before(async () => {
    const { database } = app();
    const below = (parent: string, questions: number) => ({ parent_id: id(parent), questions_count: questions });
    await insertRows(database, 'topics', [
      topicRow('exam', { level: 0 }),
      topicRow('heart', { level: 1, parent_id: id('exam'), questions_count: 100 }),
      topicRow('valves', { level: 2, ...below('heart', 90) }),
      topicRow('mitral', below('valves', 30)),
      topicRow('aortic', below('valves', 10)),
      topicRow('rhythm', { level: 2, ...below('heart', 10) }),
      topicRow('lung', { level: 1, parent_id: id('exam') }),
      topicRow('asthma', { level: 2, ...below('lung', 0) }),
      topicRow('copd', { level: 2, ...below('lung', 0) }),
      topicRow('skin', { level: 1, parent_id: id('exam'), questions_count: 3 }),
    ]);
    await insertRows(database, 'topic_mastery', [
      masteryRow('mitral', 0.9, {
        questions_attempted: 10,
        questions_correct: 9,
        total_study_seconds: 90,
        avg_response_time_seconds: 12.5,
        next_review_day: '2026-03-25',
        mastery_trend: 'improving',
        as_of: '2026-03-18T09:30:00Z',
      }),
      masteryRow('rhythm', 0.4, { evidence: 'not_enough_data', questions_attempted: 2, questions_correct: 1 }),
      masteryRow('aortic', null, { evidence: 'none' }),
      masteryRow('asthma', 0.5),
      // a score of an inner topic is not rolled up: its leaves are
      masteryRow('valves', 1, { evidence: 'not_enough_data' }),
    ]);
    await insertRows(database, 'learners', [{ user_id: idleId }]);
  });

  const slugs = async (query: Partial<Parameters<typeof listMastery>[1]>): Promise<readonly string[]> =>
    (await listMastery(app(), { userId: learnerId, limit: 50, ...query })).topics.map((topic) => topic.slug);

  it('orders topics from the weakest, from the strongest or by name, those without a score last', async () => {
    expect(await slugs({})).to.deep.equal(['rhythm', 'asthma', 'mitral', 'valves', 'aortic']);
    expect(await slugs({ order: 'strongest' })).to.deep.equal(['valves', 'mitral', 'asthma', 'rhythm', 'aortic']);
    expect(await slugs({ order: 'name' })).to.deep.equal(['aortic', 'asthma', 'mitral', 'rhythm', 'valves']);
    expect(await slugs({ limit: 2 })).to.deep.equal(['rhythm', 'asthma']);
  });

  it('answers only the topics asked for', async () => {
    expect(await slugs({ topicIds: [id('mitral'), id('copd')] })).to.deep.equal(['mitral']);
  });

  it('shows what is stored of a topic', async () => {
    const list = await listMastery(app(), { userId: learnerId, limit: 50, order: 'name' });
    expectAnswer(masteryOutput, list);
    expect(list.asOf).to.equal('2026-03-18T09:30:00.000Z');
    expect(list.topics[2]).to.deep.equal({
      topicId: id('mitral'),
      parentId: id('valves'),
      level: 3,
      slug: 'mitral',
      name: 'MITRAL',
      examWeight: 5,
      mastery: 0.9,
      confidence: null,
      retrievalStrength: null,
      firstAttemptAccuracy: null,
      overallAccuracy: null,
      materialCompletion: null,
      questions: 10,
      correct: 9,
      materialsCompleted: 0,
      materialsTotal: 0,
      minutes: 1.5,
      meanResponseSeconds: 12.5,
      trend: 'improving',
      evidence: 'enough',
      isMastered: true,
      nextReviewDay: '2026-03-25',
      firstStudiedAt: '2026-03-01T08:00:00.000Z',
      lastStudiedAt: '2026-03-17T08:00:00.000Z',
      calculationVersion: 1,
      asOf: '2026-03-18T09:30:00.000Z',
    });
    expect(list.topics[4]).to.include({ slug: 'valves', mastery: 1, isMastered: false });
  });

  it('rolls systems up from their leaves by question count, untried leaves as 0', async () => {
    const { systems } = await listMastery(app(), { userId: learnerId, limit: 1, topicIds: [id('mitral')] });
    expect(systems.map(({ slug, topicsTotal, topicsPractised }) => [slug, topicsTotal, topicsPractised])).to.deep.equal(
      [
        ['heart', 3, 2],
        ['lung', 2, 1],
        ['skin', 1, 0],
      ],
    );
    const [heart, lung, skin] = systems;
    // mitral 0.9 of 30 questions, aortic untried of 10, rhythm 0.4 of 10
    expect(heart?.mastery).to.be.closeTo((0.9 * 30 + 0.4 * 10) / (30 + 10 + 10), 1e-12);
    expect(heart).to.include({ questions: 12, correct: 10 });
    // no leaf has a question: they weigh the same
    expect(lung?.mastery).to.equal(0.25);
    expect(skin).to.include({ mastery: 0, questions: 0 });
  });

  it('shows every system at 0 to a learner who has done nothing, and knows no stranger', async () => {
    const list = await listMastery(app(), { userId: idleId, limit: 50 });
    expectAnswer(masteryOutput, list);
    expect(list).to.deep.include({ asOf: null, topics: [] });
    expect(list.systems.map((system) => system.mastery)).to.deep.equal([0, 0, 0]);
    expect(await refusalOf(listMastery(app(), { userId: strangerId, limit: 50 }))).to.equal('not_found userId');
  });
});
