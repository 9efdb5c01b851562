import { expect } from 'chai';
import fc from 'fast-check';
import { computeDailyStats, sessionSpans, type DayAttempt, type DayEvent } from '@studyin/domain/algorithms';

const DAY = '2026-03-01';
const EVENING = '2026-02-28';

function event(id: string, seconds: number, eventType: string, rest: Partial<DayEvent> = {}): DayEvent {
  const nothing = { materialId: null, chunkId: null, questionId: null, topicId: null, xp: null };
  return { id, atMs: seconds * 1000, sessionId: 's', eventType, studyDay: DAY, ...nothing, ...rest };
}

function attempt(id: string, isCorrect: boolean, rest: Partial<DayAttempt> = {}): DayAttempt {
  return { id, isCorrect, isFirstAttempt: true, timeToAnswerSeconds: 10, hintUsed: false, ...rest };
}

const spansOf = (events: readonly DayEvent[]) =>
  [...new Set(events.map((one) => one.sessionId))].map((id) =>
    sessionSpans(events.filter((one) => one.sessionId === id)),
  );

function statsOf(allEvents: readonly DayEvent[], attempts: readonly DayAttempt[] = [], goalMinutes = 30) {
  const events = allEvents.filter((one) => one.studyDay === DAY);
  return computeDailyStats({ studyDay: DAY, events, attempts, sessions: spansOf(allEvents), goalMinutes });
}

describe('a study day in numbers', () => {
  it('counts an hour in two tabs once, and both sessions', () => {
    const tab = (sessionId: string) =>
      Array.from({ length: 13 }, (_, n) => event(`${sessionId}${n + 10}`, n * 300, 'question_view', { sessionId }));
    const stats = statsOf([...tab('s'), ...tab('t')]);
    expect(stats).include({ sessions: 2, activeSeconds: 3600, totalSeconds: 3600, longestSessionSeconds: 3600 });
    expect(stats.goalMet).equal(true);
  });

  it('takes of a session over midnight only what its own events opened', () => {
    const stats = statsOf([
      event('a', 0, 'session_start', { studyDay: EVENING }),
      event('b', 100, 'question_view', { studyDay: EVENING }),
      event('c', 140, 'question_view'),
      event('d', 200, 'session_end'),
    ]);
    expect(stats).include({ sessions: 0, activeSeconds: 60, totalSeconds: 60, longestSessionSeconds: 0 });
  });

  it('counts distinct materials, chunks and topics', () => {
    const read = (id: string, materialId: string, chunkId: string | null, topicId: string) =>
      event(id, Number(id), 'material_read', { materialId, chunkId, topicId });
    const stats = statsOf([
      event('1', 1, 'material_open', { materialId: 'm', topicId: 'x' }),
      read('2', 'm', 'c', 'x'),
      read('3', 'm', 'c', 'x'),
      read('4', 'n', 'c', 'y'),
      read('5', 'n', null, 'y'),
      event('6', 6, 'material_complete', { materialId: 'm', topicId: 'x' }),
      event('7', 7, 'material_complete', { materialId: 'm', topicId: 'x' }),
      event('8', 8, 'material_bookmark', { materialId: 'o' }),
    ]);
    expect(stats).include({ materialsViewed: 2, materialsCompleted: 1, chunksRead: 2, uniqueTopics: 2 });
  });

  it('counts answers, coach, game and hints', () => {
    const types = [
      'ai_question_asked',
      'ai_hint_requested',
      'ai_feedback_positive',
      'ai_feedback_negative',
      'achievement_unlocked',
    ];
    const events = types.map((type, index) => event(String(index), index, type));
    const xp = [event('8', 8, 'xp_earned', { xp: 15 }), event('9', 9, 'xp_earned', { xp: 5 })];
    const attempts = [
      attempt('a', true, { hintUsed: true, timeToAnswerSeconds: 4 }),
      attempt('b', false),
      attempt('c', true, { isFirstAttempt: false }),
    ];
    const stats = statsOf([...events, ...xp], attempts);
    expect(stats).include({ aiQuestions: 1, hints: 2, feedback: 2, achievements: 1, xpEarned: 20 });
    expect(stats).include({ questionsAttempted: 3, questionsCorrect: 2, firstAttempts: 2, firstAttemptsCorrect: 1 });
    expect(stats).include({ accuracy: 2 / 3, meanResponseSeconds: 8 });
  });

  it('meets the goal with its last second', () => {
    const minute = [event('a', 0, 'question_view'), event('b', 60, 'session_end')];
    expect(statsOf(minute, [], 1).goalMet).equal(true);
    const short = [event('a', 0, 'question_view'), event('b', 59, 'session_end')];
    expect(statsOf(short, [], 1).goalMet).equal(false);
  });

  it('is all zeros without facts, its means null', () => {
    const { studyDay, accuracy, meanResponseSeconds, goalMinutes, goalMet, ...counts } = statsOf([]);
    expect({ studyDay, accuracy, meanResponseSeconds, goalMinutes, goalMet }).eql({
      studyDay: DAY,
      accuracy: null,
      meanResponseSeconds: null,
      goalMinutes: 30,
      goalMet: false,
    });
    expect(Object.values(counts).every((count) => count === 0)).equal(true);
  });

  it('does not depend on the order of arrival, to the bit', () => {
    const attemptsArbitrary = fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 86_400, noNaN: true })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(attemptsArbitrary, (list) => {
        const attempts = list.map(([right, seconds], index) =>
          attempt(String(index), right, { timeToAnswerSeconds: seconds }),
        );
        const events = list.map(([, seconds], index) => event(String(index), Math.round(seconds), 'question_attempt'));
        expect(statsOf(events.toReversed(), attempts.toReversed())).eql(statsOf(events, attempts));
      }),
    );
  });
});
