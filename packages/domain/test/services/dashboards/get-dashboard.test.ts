import { expect } from 'chai';
import { allOutput } from '@studyin/api/schemas/dashboard';
import { gapsOutput } from '@studyin/api/schemas/dashboard-gaps';
import { getDashboard } from '../../../src/services/get-dashboard.ts';
import { listGaps } from '../../../src/services/list-gaps.ts';
import {
  dayRow,
  expectAnswer,
  gapRow,
  id,
  insertRows,
  learnerId,
  masteryRow,
  progressRow,
  refusalOf,
  sessionRow,
  strangerId,
  today,
  topicRow,
  useDashboardApp,
} from './fixture.ts';

describe('getDashboard and listGaps', () => {
  const app = useDashboardApp();
  const idleId = id('idle');

  before(async () => {
    const { database } = app();
    await insertRows(database, 'learners', [{ user_id: idleId }]);
    await insertRows(database, 'topics', [topicRow('heart', { level: 1 }), topicRow('lung'), topicRow('skin')]);
    await insertRows(database, 'topic_mastery', [masteryRow('heart', 0.3, { as_of: '2026-03-18T10:00:00Z' })]);
    await insertRows(database, 'daily_user_stats', [dayRow('2026-03-17', { active_seconds: 60 })]);
    await insertRows(database, 'study_sessions', [sessionRow('session', '2026-03-17T08:00:00Z')]);
    await insertRows(database, 'knowledge_gaps', [
      gapRow('lung', 19.5, { is_ready: false, blocked_by: [id('skin'), id('heart')], path: [id('heart'), id('skin')] }),
      gapRow('heart', 21),
      gapRow('skin', 30, { resolved_on: '2026-03-17' }),
    ]);
    await insertRows(database, 'question_progress', [
      progressRow('overdue', '2026-03-01', { due_day: '2026-03-10' }),
      progressRow('due', '2026-03-01', { due_day: today }),
      progressRow('later', '2026-03-01', { due_day: '2026-03-19' }),
      progressRow('unscheduled', '2026-03-01'),
    ]);
  });

  it('answers every block of the first screen, each with its asOf', async () => {
    const dashboard = await getDashboard(app(), { userId: learnerId, today });
    expectAnswer(allOutput, dashboard);
    expect(dashboard.overview.asOf).to.equal(null);
    expect(dashboard.heatmap).to.include({ asOf: '2026-03-17' }).and.property('days').with.length(90);
    expect(dashboard.mastery.asOf).to.equal('2026-03-18T10:00:00.000Z');
    expect(dashboard.mastery.systems.map((system) => system.mastery)).to.deep.equal([0.3]);
    expect(dashboard.gaps.asOf).to.equal('2026-03-18T10:00:00.000Z');
    expect(dashboard.sessions.asOf).to.equal('2026-03-17T08:00:00.000Z');
    expect(dashboard.due).to.deep.equal({ asOf: today, count: 2, overdue: 1 });
  });

  it('lists open gaps, the most urgent first', async () => {
    const { gaps } = await listGaps(app(), { userId: learnerId, limit: 10 });
    expect(gaps.map((gap) => gap.slug)).to.deep.equal(['heart', 'lung']);
    expect(gaps[1]).to.deep.equal({
      topicId: id('lung'),
      slug: 'lung',
      name: 'LUNG',
      severity: 'high',
      gapScore: 0.6,
      priorityScore: 19.5,
      terms: [],
      importance: [],
      attempts: 4,
      accuracy: 0.25,
      recentFailureRate: 0.75,
      untriedShare: 0,
      examWeight: 8,
      blocksCount: 2,
      isReady: false,
      blockedBy: ['skin', 'heart'].map((slug) => ({ topicId: id(slug), slug, name: slug.toUpperCase() })),
      path: ['heart', 'skin'].map((slug) => ({ topicId: id(slug), slug, name: slug.toUpperCase() })),
      estimatedHours: 1.5,
      recommendedMaterials: [id('material')],
      reasons: [{ code: 'low_accuracy', text: '1 of 4 answers right (25%).' }],
      identifiedOn: '2026-03-10',
      calculationVersion: 1,
      asOf: '2026-03-18T00:00:00.000Z',
    });
    const short = await listGaps(app(), { userId: learnerId, limit: 1 });
    expectAnswer(gapsOutput, short);
    expect(short.gaps).to.have.length(1);
  });

  it('is empty blocks for a learner who has done nothing, and knows no stranger', async () => {
    const dashboard = await getDashboard(app(), { userId: idleId, today });
    expectAnswer(allOutput, dashboard);
    expect(dashboard.due.count).to.equal(0);
    expect(dashboard.sessions.sessions).to.deep.equal([]);
    expect(await refusalOf(getDashboard(app(), { userId: strangerId, today }))).to.equal('not_found userId');
    expect(await refusalOf(listGaps(app(), { userId: strangerId, limit: 1 }))).to.equal('not_found userId');
  });
});
