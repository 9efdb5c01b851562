import { expect } from 'chai';
import { heatmapOutput } from '@studyin/api/schemas/dashboard';
import { activityLevel, getHeatmap } from '../../../src/services/get-heatmap.ts';
import {
  dayRow,
  expectAnswer,
  id,
  insertRows,
  learnerId,
  refusalOf,
  strangerId,
  today,
  useDashboardApp,
} from './fixture.ts';

describe('getHeatmap', () => {
  const app = useDashboardApp();
  const travellerId = id('traveller');
  const idleId = id('idle');

  before(async () => {
    const { database } = app();
    await insertRows(database, 'daily_user_stats', [
      dayRow('2026-03-11', { active_seconds: 9_999 }),
      dayRow('2026-03-14', {
        active_seconds: 905,
        sessions: 2,
        questions_attempted: 7,
        questions_correct: 4,
        xp_earned: 30,
      }),
      dayRow('2026-03-16', { questions_attempted: 1, as_of: '2026-03-17' }),
      dayRow('2026-03-18', { active_seconds: 3_600 }),
    ]);
    await insertRows(database, 'learners', [{ user_id: travellerId }, { user_id: idleId }]);
    await insertRows(database, 'daily_user_stats', [
      dayRow('2026-03-19', { user_id: travellerId, questions_attempted: 3 }),
      dayRow('2026-03-17', { user_id: travellerId, questions_attempted: 2 }),
    ]);
  });

  it('has every day of the window, days without study as zeros', async () => {
    const heatmap = await getHeatmap(app(), { userId: learnerId, today, days: 7 });
    expectAnswer(heatmapOutput, heatmap);
    expect(heatmap).to.deep.equal({
      asOf: '2026-03-18',
      days: ['2026-03-12', '2026-03-13', '2026-03-14', '2026-03-15', '2026-03-16', '2026-03-17', '2026-03-18'],
      minutes: [0, 0, 15.1, 0, 0, 0, 60],
      sessions: [0, 0, 2, 0, 0, 0, 0],
      questions: [0, 0, 7, 0, 1, 0, 0],
      correct: [0, 0, 4, 0, 0, 0, 0],
      xp: [0, 0, 30, 0, 0, 0, 0],
      levels: [0, 0, 2, 0, 1, 0, 4],
    });
  });

  it('takes a whole leap year', async () => {
    const heatmap = await getHeatmap(app(), { userId: idleId, today: '2024-12-31', days: 366 });
    expect(heatmap.days).to.have.length(366);
    expect(heatmap.days[0]).to.equal('2024-01-01');
    expect(heatmap.days).to.include('2024-02-29');
  });

  it('ends on the newest day that has a row when the learner is ahead of their zone', async () => {
    const heatmap = await getHeatmap(app(), { userId: travellerId, today, days: 2 });
    expect(heatmap.days).to.deep.equal(['2026-03-18', '2026-03-19']);
    expect(heatmap.questions).to.deep.equal([0, 3]);
  });

  it('is empty days for a learner without rows, and knows no stranger', async () => {
    const heatmap = await getHeatmap(app(), { userId: idleId, today, days: 3 });
    expect(heatmap).to.deep.include({ asOf: null, minutes: [0, 0, 0], levels: [0, 0, 0] });
    expect(await refusalOf(getHeatmap(app(), { userId: strangerId, today, days: 3 }))).to.equal('not_found userId');
  });

  it('measures a day by the goal that was in force on it', () => {
    const levels = [0, 1, 899, 900, 1_799, 1_800, 3_599, 3_600].map((activeSeconds) =>
      activityLevel({ activeSeconds, questions: 0, goalMinutes: 30 }),
    );
    expect(levels).to.deep.equal([0, 1, 1, 2, 2, 3, 3, 4]);
    expect(activityLevel({ activeSeconds: 0, questions: 1, goalMinutes: 30 })).to.equal(1);
    expect(activityLevel({ activeSeconds: 600, questions: 0, goalMinutes: 10 })).to.equal(3);
  });
});
