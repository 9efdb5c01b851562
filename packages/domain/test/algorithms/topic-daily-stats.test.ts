import { expect } from 'chai';
import { computeTopicDay, sessionSpans, type DayEvent } from '@studyin/domain/algorithms';

const DAY = '2026-03-01';

function event(id: string, seconds: number, eventType: string, rest: Partial<DayEvent> = {}): DayEvent {
  const nothing = { materialId: null, chunkId: null, questionId: null, topicId: null, xp: null };
  return { id, atMs: seconds * 1000, sessionId: 's', eventType, studyDay: DAY, ...nothing, ...rest };
}

function attempt(id: string, isCorrect: boolean, topicId: string) {
  return { id, isCorrect, isFirstAttempt: true, timeToAnswerSeconds: 10, hintUsed: false, topicId };
}

describe('a study day in one topic', () => {
  const events = [
    event('1', 0, 'material_open', { materialId: 'm', topicId: 'x' }),
    event('2', 100, 'question_attempt', { topicId: 'x' }),
    event('3', 130, 'question_attempt', { topicId: 'y' }),
    event('4', 200, 'question_attempt', { topicId: 'x', studyDay: '2026-03-02' }),
    event('5', 260, 'session_end'),
  ];
  const attempts = [attempt('2', true, 'x'), attempt('3', false, 'y')];
  const dayOf = (topicId: string) =>
    computeTopicDay({ topicId, studyDay: DAY, events, attempts, sessions: [sessionSpans(events)] });

  it('counts the time that its own events of that day opened', () => {
    expect(dayOf('x')).eql({
      topicId: 'x',
      studyDay: DAY,
      seconds: 130,
      materialsViewed: 1,
      questionsAttempted: 1,
      questionsCorrect: 1,
      accuracy: 1,
    });
    expect(dayOf('y')).include({ seconds: 70, materialsViewed: 0, questionsAttempted: 1, accuracy: 0 });
  });

  it('has no accuracy without an answer', () => {
    expect(dayOf('z')).include({ seconds: 0, questionsAttempted: 0, accuracy: null });
  });
});
