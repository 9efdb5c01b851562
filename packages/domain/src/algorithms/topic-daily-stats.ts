import { countMaterialsViewed, type DayAttempt, type DayEvent } from './daily-stats.ts';
import { unionMs, type SessionSpans } from './session-intervals.ts';

export type TopicDayFacts = {
  readonly topicId: string;
  readonly studyDay: string;
  /** Events of that study day, of any topic. */
  readonly events: readonly DayEvent[];
  /** Attempts of that study day, of any topic. */
  readonly attempts: readonly (DayAttempt & { readonly topicId: string })[];
  /** Every session with an event on that day, from all of the session's events. */
  readonly sessions: readonly SessionSpans[];
};

export type TopicDayStats = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly seconds: number;
  readonly materialsViewed: number;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly accuracy: number | null;
};

/**
 * One learner's study day in one topic, but for its mastery (see `foldAnswers`), from facts in any order.
 * Formula: seconds = union of the active intervals that the topic's events of that day opened, rounded once.
 * Edge cases: accuracy is null without attempts.
 */
export function computeTopicDay({ topicId, studyDay, events, attempts, sessions }: TopicDayFacts): TopicDayStats {
  const ofTopic = events.filter((event) => event.topicId === topicId && event.studyDay === studyDay);
  const openers = new Set(ofTopic.map((event) => event.id));
  const intervals = sessions.flatMap((session) => session.intervals).filter((one) => openers.has(one.eventId));
  const tried = attempts.filter((attempt) => attempt.topicId === topicId);
  const questionsCorrect = tried.filter((attempt) => attempt.isCorrect).length;
  return {
    topicId,
    studyDay,
    seconds: Math.round(unionMs(intervals) / 1000),
    materialsViewed: countMaterialsViewed(ofTopic),
    questionsAttempted: tried.length,
    questionsCorrect,
    accuracy: tried.length === 0 ? null : questionsCorrect / tried.length,
  };
}
