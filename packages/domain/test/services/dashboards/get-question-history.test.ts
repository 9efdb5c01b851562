import { expect } from 'chai';
import { questionHistoryOutput } from '@studyin/api/schemas/dashboard';
import { eventIdFor } from '../../../src/events/index.ts';
import { getQuestionHistory } from '../../../src/services/get-question-history.ts';
import {
  expectAnswer,
  id,
  insertRows,
  learnerId,
  progressRow,
  refusalOf,
  strangerId,
  useDashboardApp,
} from './fixture.ts';

const HOUR_MS = 3_600_000;

describe('getQuestionHistory', () => {
  const app = useDashboardApp();
  // inside the partitions that the migration made, whenever the test runs
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const query = { userId: learnerId, questionId: id('question'), limit: 200 };
  const attempt = (hoursAgo: number, over: object = {}, question = 'question') => ({
    user_id: learnerId,
    attempted_at: new Date(nowMs - hoursAgo * HOUR_MS).toISOString(),
    id: eventIdFor(nowMs - hoursAgo * HOUR_MS, question),
    session_id: id('session'),
    question_id: id(question),
    topic_id: id('topic'),
    received_at: new Date(nowMs).toISOString(),
    study_day: '2026-03-10',
    selected_answer: 'A',
    correct_answer: null,
    is_correct: false,
    graded_by: 'client',
    time_to_answer_seconds: 12.5,
    confidence_level: null,
    hint_used: false,
    explanation_viewed: false,
    ...over,
  });

  before(async () => {
    const { database } = app();
    const others = Array.from({ length: 501 }, (_, index) => attempt(index + 1, {}, 'drilled'));
    await insertRows(database, 'question_attempts', [
      attempt(2, {
        study_day: '2026-03-14',
        selected_answer: 'C',
        correct_answer: 'C',
        is_correct: true,
        confidence_level: 5,
        hint_used: true,
        explanation_viewed: true,
      }),
      // 40 days: another partition
      attempt(960),
      attempt(50, { study_day: '2026-03-12' }),
      attempt(1, {}, 'another question'),
      attempt(1, { user_id: id('another learner') }),
      ...others,
    ]);
    await insertRows(database, 'question_progress', [
      progressRow('question', '2026-03-10', { attempts: 3, due_day: '2026-03-20', interval_days: 6 }),
    ]);
  });

  it('numbers the attempts by event time and answers them newest first, with the day the question is due', async () => {
    const history = await getQuestionHistory(app(), query);
    expectAnswer(questionHistoryOutput, history);
    expect(history).to.deep.include({
      asOf: '2026-03-17T10:00:00.000Z',
      questionId: id('question'),
      attemptsTotal: 3,
      correctTotal: 1,
      dueDay: '2026-03-20',
      intervalDays: 6,
    });
    const shown = history.attempts.map((row) => [row.attemptNumber, row.studyDay, row.daysSinceLastAttempt]);
    expect(shown).to.deep.equal([
      [3, '2026-03-14', 2],
      [2, '2026-03-12', 2],
      [1, '2026-03-10', null],
    ]);
    expect(history.attempts[0]).to.deep.equal({
      eventId: eventIdFor(nowMs - 2 * HOUR_MS, 'question'),
      attemptNumber: 3,
      attemptedAt: new Date(nowMs - 2 * HOUR_MS).toISOString(),
      studyDay: '2026-03-14',
      sessionId: id('session'),
      topicId: id('topic'),
      selectedAnswer: 'C',
      correctAnswer: 'C',
      isCorrect: true,
      timeToAnswerSeconds: 12.5,
      confidenceLevel: 5,
      hintUsed: true,
      explanationViewed: true,
      daysSinceLastAttempt: 2,
    });
  });

  it('pages from the newest attempt to the first, each under its true number', async () => {
    const drilled = { ...query, questionId: id('drilled') };
    const first = await getQuestionHistory(app(), drilled);
    expect(first.attempts).to.have.length(200);
    expect(first.dueDay, 'not computed yet').to.equal(null);
    const numbers = first.attempts.map(({ attemptNumber }) => attemptNumber);
    for (let { nextCursor: cursor } = first; cursor !== null;) {
      const page = await getQuestionHistory(app(), { ...drilled, cursor });
      numbers.push(...page.attempts.map(({ attemptNumber }) => attemptNumber));
      cursor = page.nextCursor;
    }
    expect(numbers).to.deep.equal(Array.from({ length: 501 }, (_, n) => 501 - n));
  });

  it('is empty for a question never answered, and knows no stranger', async () => {
    const history = await getQuestionHistory(app(), { ...query, questionId: id('untouched') });
    expectAnswer(questionHistoryOutput, history);
    expect(history).to.deep.include({ asOf: null, attemptsTotal: 0, dueDay: null, attempts: [] });
    expect(await refusalOf(getQuestionHistory(app(), { ...query, userId: strangerId }))).to.equal('not_found userId');
  });
});
