import { unionMs, type SessionEvent, type SessionSpans } from './session-intervals.ts';

const SECONDS_PER_MINUTE = 60;

export type DayEvent = SessionEvent & {
  readonly materialId: string | null;
  readonly chunkId: string | null;
  readonly questionId: string | null;
  readonly topicId: string | null;
  /** Amount of an xp_earned event, else null. */
  readonly xp: number | null;
};

export type DayAttempt = {
  readonly id: string;
  readonly isCorrect: boolean;
  readonly isFirstAttempt: boolean;
  readonly timeToAnswerSeconds: number;
  readonly hintUsed: boolean;
};

export type DayFacts = {
  readonly studyDay: string;
  /** Events of that study day. */
  readonly events: readonly DayEvent[];
  /** Attempts of that study day. */
  readonly attempts: readonly DayAttempt[];
  /** Every session with an event on that day, from all of the session's events. */
  readonly sessions: readonly SessionSpans[];
  readonly goalMinutes: number;
};

export type DailyStats = {
  readonly studyDay: string;
  readonly sessions: number;
  readonly totalSeconds: number;
  readonly activeSeconds: number;
  readonly longestSessionSeconds: number;
  readonly materialsViewed: number;
  readonly materialsCompleted: number;
  readonly chunksRead: number;
  readonly uniqueTopics: number;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly firstAttempts: number;
  readonly firstAttemptsCorrect: number;
  readonly accuracy: number | null;
  readonly meanResponseSeconds: number | null;
  readonly aiQuestions: number;
  readonly hints: number;
  readonly feedback: number;
  readonly xpEarned: number;
  readonly achievements: number;
  readonly goalMinutes: number;
  readonly goalMet: boolean;
};

/**
 * One learner's study day in numbers, from its facts in any order.
 * Formula: time = union over the learner's sessions of what that day's events opened, so two tabs for one hour are one
 * hour; a session counts on the study day of its first event. Times are rounded to whole seconds once, at the end.
 * Edge cases: accuracy and mean response time are null without attempts; a day without facts is all zeros.
 */
export function computeDailyStats(facts: DayFacts): DailyStats {
  const time = timeOfDay(facts);
  return {
    studyDay: facts.studyDay,
    ...time,
    ...countEvents(facts.events),
    ...countAttempts(facts.attempts),
    hints: countOf(facts.events, 'ai_hint_requested') + facts.attempts.filter((attempt) => attempt.hintUsed).length,
    goalMinutes: facts.goalMinutes,
    goalMet: time.activeSeconds >= facts.goalMinutes * SECONDS_PER_MINUTE,
  };
}

/** Distinct materials that the events opened or read. */
export function countMaterialsViewed(events: readonly DayEvent[]): number {
  return countDistinct(
    events.filter(({ eventType }) => eventType === 'material_open' || eventType === 'material_read'),
    (event) => event.materialId,
  );
}

function timeOfDay({ studyDay, sessions }: DayFacts) {
  const ofDay = sessions.filter((session) => session.firstStudyDay === studyDay);
  const spans = sessions.flatMap((session) => session.spans).filter((span) => span.studyDay === studyDay);
  const intervals = sessions.flatMap((session) => session.intervals).filter((one) => one.studyDay === studyDay);
  const longestMs = ofDay.reduce((longest, session) => Math.max(longest, session.durationMs), 0);
  return {
    sessions: ofDay.length,
    totalSeconds: Math.round(unionMs(spans) / 1000),
    activeSeconds: Math.round(unionMs(intervals) / 1000),
    longestSessionSeconds: Math.round(longestMs / 1000),
  };
}

function countEvents(events: readonly DayEvent[]) {
  const ofType = (type: string): readonly DayEvent[] => events.filter((event) => event.eventType === type);
  return {
    materialsViewed: countMaterialsViewed(events),
    materialsCompleted: countDistinct(ofType('material_complete'), (event) => event.materialId),
    chunksRead: countDistinct(ofType('material_read'), chunkKey),
    uniqueTopics: countDistinct(events, (event) => event.topicId),
    aiQuestions: countOf(events, 'ai_question_asked'),
    feedback: countOf(events, 'ai_feedback_positive') + countOf(events, 'ai_feedback_negative'),
    xpEarned: ofType('xp_earned').reduce((sum, event) => sum + (event.xp ?? 0), 0),
    achievements: countOf(events, 'achievement_unlocked'),
  };
}

function countAttempts(attempts: readonly DayAttempt[]) {
  const questionsAttempted = attempts.length;
  const questionsCorrect = attempts.filter((attempt) => attempt.isCorrect).length;
  const first = attempts.filter((attempt) => attempt.isFirstAttempt);
  // Sorted: a sum of fractions depends on its order, and a row must not depend on that of the facts.
  const times = attempts.map((attempt) => attempt.timeToAnswerSeconds).sort((a, b) => a - b);
  const answerSeconds = times.reduce((sum, seconds) => sum + seconds, 0);
  return {
    questionsAttempted,
    questionsCorrect,
    firstAttempts: first.length,
    firstAttemptsCorrect: first.filter((attempt) => attempt.isCorrect).length,
    accuracy: questionsAttempted === 0 ? null : questionsCorrect / questionsAttempted,
    meanResponseSeconds: questionsAttempted === 0 ? null : answerSeconds / questionsAttempted,
  };
}

function chunkKey({ materialId, chunkId }: DayEvent): string | null {
  return materialId === null || chunkId === null ? null : `${materialId} ${chunkId}`;
}

function countOf(events: readonly DayEvent[], type: string): number {
  return events.filter((event) => event.eventType === type).length;
}

function countDistinct(events: readonly DayEvent[], keyOf: (event: DayEvent) => string | null): number {
  return new Set(events.map(keyOf).filter((key) => key !== null)).size;
}
