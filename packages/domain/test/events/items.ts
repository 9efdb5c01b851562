// Sound items of the wire, for the tests of this folder.

export const eventId = '01930c4e-8a00-7abc-8def-0123456789ab';
export const sessionId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
export const materialId = '11111111-2222-4333-8444-555555555555';
export const questionId = '21111111-2222-4333-8444-555555555555';
export const topicId = '31111111-2222-4333-8444-555555555555';

export type Item = Readonly<Record<string, unknown>>;

export function attemptItem(overrides: Item = {}, properties: Item = {}): Item {
  return {
    eventType: 'question_attempt',
    eventId,
    sessionId,
    timezone: 'Europe/Berlin',
    questionId,
    topicId,
    properties: { selectedAnswer: 'A', correctAnswer: 'B', timeToAnswerSeconds: 45, confidenceLevel: 3, ...properties },
    ...overrides,
  };
}

export function customItem(properties: unknown, overrides: Item = {}): Item {
  return { eventType: 'custom', eventId, sessionId, name: 'deck_shared', properties, ...overrides };
}

/** The least that each type needs beside the common fields. */
export const leastOf: Readonly<Record<string, Item>> = {
  session_start: {},
  session_end: {},
  session_pause: {},
  session_resume: {},
  material_open: { materialId },
  material_read: { materialId, properties: { durationSeconds: 30 } },
  material_complete: { materialId },
  material_bookmark: { materialId },
  material_highlight: { materialId },
  material_note: { materialId },
  question_view: { questionId },
  question_attempt: { questionId, properties: { selectedAnswer: 'A', timeToAnswerSeconds: 0 } },
  question_review: { questionId },
  quiz_start: {},
  quiz_complete: {},
  ai_question_asked: {},
  ai_response_received: {},
  ai_feedback_positive: {},
  ai_feedback_negative: {},
  ai_hint_requested: {},
  ai_explanation_requested: {},
  xp_earned: { properties: { amount: 10 } },
  level_up: { properties: { level: 2 } },
  achievement_unlocked: { properties: { achievementId: 'first-100' } },
  streak_continued: { properties: { streakDays: 4 } },
  streak_broken: { properties: { streakDays: 4 } },
  search_performed: { properties: { resultCount: 0 } },
  topic_explored: { topicId },
  related_content_clicked: {},
  custom: { name: 'deck_shared' },
};
