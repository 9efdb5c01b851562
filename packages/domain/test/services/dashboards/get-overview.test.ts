import { expect } from 'chai';
import { overviewOutput } from '@studyin/api/schemas/dashboard';
import { getOverview } from '../../../src/services/get-overview.ts';
import { expectAnswer, id, insertRows, learnerId, refusalOf, strangerId, useDashboardApp } from './fixture.ts';

describe('getOverview', () => {
  const app = useDashboardApp();
  const otherId = id('busy learner');

  before(async () => {
    const { database } = app();
    await insertRows(database, 'learners', [{ user_id: otherId }]);
    await insertRows(database, 'user_learning_metrics', [
      {
        user_id: otherId,
        active_seconds_7d: 3_599,
        active_seconds_30d: 36_000,
        active_seconds_90d: 36_004,
        active_seconds_all: 9_000_000_000,
        sessions_7d: 3,
        sessions_30d: 10,
        sessions_90d: 11,
        sessions_all: 12,
        active_days_7d: 2,
        active_days_30d: 8,
        active_days_90d: 9,
        active_days_all: 10,
        questions_7d: 8,
        questions_30d: 40,
        questions_90d: 41,
        questions_all: 42,
        correct_7d: 6,
        correct_30d: 30,
        correct_90d: 31,
        correct_all: 32,
        accuracy_7d: 0.75,
        accuracy_30d: 0.75,
        accuracy_90d: 31 / 41,
        accuracy_all: 32 / 42,
        xp_7d: 50,
        xp_30d: 500,
        xp_90d: 510,
        xp_all: 5_000_000_000,
        topics_7d: 2,
        topics_30d: 5,
        topics_90d: 6,
        topics_all: 7,
        current_streak_days: 4,
        longest_streak_days: 9,
        last_study_day: '2026-03-17',
        mean_mastery: 0.5,
        topics_mastered: 1,
        topics_in_progress: 4,
        topics_weak: 2,
        readiness: null,
        focus_topics: [id('weak'), id('weaker')],
        calculation_version: 1,
        as_of: '2026-03-18',
      },
    ]);
  });

  it('shows each stored window, with active time in minutes of one decimal', async () => {
    const overview = await getOverview(app(), { userId: otherId });
    expectAnswer(overviewOutput, overview);
    expect(overview).to.deep.equal({
      asOf: '2026-03-18',
      calculationVersion: 1,
      last7Days: {
        minutes: 60,
        sessions: 3,
        activeDays: 2,
        questions: 8,
        correct: 6,
        accuracy: 0.75,
        xp: 50,
        topics: 2,
      },
      last30Days: {
        minutes: 600,
        sessions: 10,
        activeDays: 8,
        questions: 40,
        correct: 30,
        accuracy: 0.75,
        xp: 500,
        topics: 5,
      },
      last90Days: {
        minutes: 600.1,
        sessions: 11,
        activeDays: 9,
        questions: 41,
        correct: 31,
        accuracy: 31 / 41,
        xp: 510,
        topics: 6,
      },
      allTime: {
        minutes: 150_000_000,
        sessions: 12,
        activeDays: 10,
        questions: 42,
        correct: 32,
        accuracy: 32 / 42,
        xp: 5_000_000_000,
        topics: 7,
      },
      streak: { currentDays: 4, longestDays: 9, lastStudyDay: '2026-03-17' },
      mastery: { mean: 0.5, topicsMastered: 1, topicsInProgress: 4, topicsWeak: 2 },
      readiness: null,
      focusTopics: [id('weak'), id('weaker')],
    });
  });

  it('is all zeros without an asOf for a learner who has no metrics yet', async () => {
    const overview = await getOverview(app(), { userId: learnerId });
    expectAnswer(overviewOutput, overview);
    expect(overview.asOf).to.equal(null);
    expect(overview.allTime).to.include({ minutes: 0, questions: 0, accuracy: null });
    expect(overview.streak).to.deep.equal({ currentDays: 0, longestDays: 0, lastStudyDay: null });
    expect(overview.mastery.mean).to.equal(null);
  });

  it('knows no stranger', async () => {
    expect(await refusalOf(getOverview(app(), { userId: strangerId }))).to.equal('not_found userId');
  });
});
