// From tracked events to dashboards, with no row made by hand: what the writers write is what the readers read.
import { expect } from 'chai';
import {
  allOutput,
  materialProgressOutput,
  questionHistoryOutput,
  topicTrendOutput,
} from '@studyin/api/schemas/dashboard';
import {
  defaultCurriculum,
  findWatermark,
  getDashboard,
  getFirstAttemptAccuracy,
  getMaterialProgress,
  getQuestionHistory,
  getTopicTrend,
  importDefaultCurriculum,
  recordEvents,
  updateLearner,
} from '@studyin/domain/services';
import { eventIdAt, idOf, openTestDomain, type TestDomain } from '@studyin/testkit/test-domain';
import { expectAnswer } from './fixture.ts';

const MINUTE_MS = 60_000;
const userId = idOf('user', 1);

describe('dashboards of tracked events', () => {
  let domain: TestDomain;
  // noon of yesterday, UTC: inside the window of acceptance, and never across midnight
  const noonMs = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000 + 12 * 60 * MINUTE_MS;
  const studyDay = new Date(noonMs).toISOString().slice(0, 10);
  const { questions = [], materials = [] } = defaultCurriculum();
  const [question, other] = questions;
  const material = materials.find(({ topicId }) => topicId === question?.topicId);
  if (question === undefined || other === undefined || material === undefined) throw new Error('no default curriculum');

  const event = (minute: number, eventType: string, rest: object = {}) => ({
    userId,
    input: {
      eventId: eventIdAt(noonMs + minute * MINUTE_MS, minute),
      eventType,
      sessionId: idOf('session', 1),
      properties: {},
      ...rest,
    },
    origin: { clientIp: null, deviceType: 'web' },
  });
  const answer = (minute: number, { id, correctAnswer }: typeof question, isCorrect: boolean) =>
    event(minute, 'question_attempt', {
      questionId: id,
      properties: { selectedAnswer: isCorrect ? correctAnswer : 'none', timeToAnswerSeconds: 20 },
    });

  before(async () => {
    domain = await openTestDomain();
    await importDefaultCurriculum(domain.app);
    const { results } = await recordEvents(domain.app, [
      event(0, 'session_start'),
      event(1, 'material_open', { materialId: material.id, topicId: material.topicId }),
      event(2, 'material_read', {
        materialId: material.id,
        topicId: material.topicId,
        properties: { durationSeconds: 60, scrollDepthPercent: 95 },
      }),
      answer(3, question, false),
      answer(4, question, true),
      answer(5, other, true),
      event(6, 'session_end'),
    ]);
    expect(results.map(({ status }) => status)).to.deep.equal(results.map(() => 'accepted'));
  });
  after(() => domain.close());

  const dashboard = async () => {
    const watermark = await findWatermark(domain.app, { userId });
    const shown = await getDashboard(domain.app, { userId, today: watermark?.studyDay ?? '' });
    expectAnswer(allOutput, shown);
    return { shown, watermark };
  };

  it('show the session at once and everything else after the worker', async () => {
    const first = await dashboard();
    expect(first.shown.sessions.sessions[0]).to.include({ questions: 3, correct: 2, studyDay: null });
    expect(first.shown.overview.asOf).to.equal(null);
    await updateLearner(domain.app, { userId });

    const { shown, watermark } = await dashboard();
    expect(watermark?.watermark).to.be.greaterThan(first.watermark?.watermark ?? NaN);
    expect(shown.sessions.sessions[0]).to.include({
      studyDay,
      durationMinutes: 6,
      activeMinutes: 6,
      materialsViewed: 1,
    });
    expect(shown.overview.last7Days).to.include({ minutes: 6, sessions: 1, activeDays: 1, questions: 3, correct: 2 });
    expect(shown.overview.streak).to.deep.equal({ currentDays: 1, longestDays: 1, lastStudyDay: studyDay });
    const column = shown.heatmap.days.indexOf(studyDay);
    expect(shown.heatmap.questions[column]).to.equal(3);
    expect(shown.heatmap.minutes[column]).to.equal(6);
    expect(shown.heatmap.levels[column]).to.equal(1);
    expect(shown.mastery.topics.map((topic) => topic.questions).reduce((a, b) => a + b)).to.equal(3);
    const practised = shown.mastery.systems.filter((system) => system.mastery > 0);
    expect(practised.map((system) => system.questions)).to.deep.equal([3]);
  });

  it('show the same facts from every side', async () => {
    const query = { userId, topicId: question.topicId, today: studyDay, days: 1 };
    const trend = await getTopicTrend(domain.app, query);
    expectAnswer(topicTrendOutput, trend);
    expect(trend.days).to.deep.equal([studyDay]);
    const history = await getQuestionHistory(domain.app, { userId, questionId: question.id, limit: 10 });
    expectAnswer(questionHistoryOutput, history);
    expect(history).to.include({ attemptsTotal: 2, correctTotal: 1 });
    expect(history.attempts.map((attempt) => [attempt.attemptNumber, attempt.isCorrect])).to.deep.equal([
      [2, true],
      [1, false],
    ]);
    const firsts = await getFirstAttemptAccuracy(domain.app, { userId, today: studyDay, days: 1 });
    expect(firsts).to.include({ questions: 2, correct: 1, accuracy: 0.5 });
    const reading = await getMaterialProgress(domain.app, { userId, limit: 10 });
    expectAnswer(materialProgressOutput, reading);
    expect(reading.materials).to.have.length(1);
    expect(reading.materials[0]).to.include({ isComplete: true, minutes: 1, kind: material.kind, completion: 1 });
  });
});
