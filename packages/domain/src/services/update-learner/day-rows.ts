// The rows of study days, from the facts of those days.
import { computeDailyStats, computeTopicDay } from '../../algorithms/index.ts';
import type { DailyStats, TopicDayStats } from '../../algorithms/index.ts';
import type { DerivedRow } from '../../stores/derived-day-store.ts';
import type { LearnerAttempt, LearnerEvent } from '../../stores/study-facts-store.ts';
import type { Session } from './load-sessions.ts';

export type DayFacts = {
  readonly userId: string;
  readonly days: readonly string[];
  readonly events: readonly LearnerEvent[];
  readonly attempts: readonly LearnerAttempt[];
  /** All that have one of the events. */
  readonly sessions: readonly Session[];
  /** Study day → the goal that it was first computed under. */
  readonly goals: ReadonlyMap<string, number>;
  /** The goal of a day that has none yet. */
  readonly goalMinutes: number;
};

export type DayRows = { readonly daily: readonly DerivedRow[]; readonly topicDays: readonly DerivedRow[] };

/** The daily rows and topic-daily rows of a learner's days; none for a day without an event. */
export function dayRows({ userId, days, events, attempts, sessions, goals, goalMinutes }: DayFacts): DayRows {
  const spansOf = new Map(sessions.map(({ spans }) => [spans.sessionId, spans]));
  const eventsOf = Map.groupBy(events, (event) => event.studyDay);
  const attemptsOf = Map.groupBy(attempts, (attempt) => attempt.studyDay);
  const daily: DerivedRow[] = [];
  const topicDays: DerivedRow[] = [];
  for (const studyDay of days) {
    const ofDay = eventsOf.get(studyDay);
    if (ofDay === undefined) continue; // a session that began on this day begins on another now
    const present = distinct(ofDay.map((event) => event.sessionId));
    const facts = {
      studyDay,
      events: ofDay,
      attempts: attemptsOf.get(studyDay) ?? [],
      sessions: present.flatMap((sessionId) => spansOf.get(sessionId) ?? []),
    };
    daily.push(dailyRow(userId, computeDailyStats({ ...facts, goalMinutes: goals.get(studyDay) ?? goalMinutes })));
    const topicIds = distinct(ofDay.flatMap(({ topicId }) => (topicId === null ? [] : [topicId])));
    topicDays.push(...topicIds.map((topicId) => topicDayRow(userId, computeTopicDay({ ...facts, topicId }))));
  }
  return { daily, topicDays };
}

function dailyRow(userId: string, stats: DailyStats): DerivedRow {
  return {
    user_id: userId,
    stat_date: stats.studyDay,
    sessions: stats.sessions,
    total_seconds: stats.totalSeconds,
    active_seconds: stats.activeSeconds,
    longest_session_seconds: stats.longestSessionSeconds,
    materials_viewed: stats.materialsViewed,
    materials_completed: stats.materialsCompleted,
    chunks_read: stats.chunksRead,
    unique_topics: stats.uniqueTopics,
    questions_attempted: stats.questionsAttempted,
    questions_correct: stats.questionsCorrect,
    first_attempts: stats.firstAttempts,
    first_attempts_correct: stats.firstAttemptsCorrect,
    accuracy: stats.accuracy,
    mean_response_seconds: stats.meanResponseSeconds,
    ai_questions: stats.aiQuestions,
    hints: stats.hints,
    feedback: stats.feedback,
    xp_earned: stats.xpEarned,
    achievements: stats.achievements,
    goal_minutes: stats.goalMinutes,
    goal_met: stats.goalMet,
    as_of: stats.studyDay,
  };
}

function topicDayRow(userId: string, stats: TopicDayStats): DerivedRow {
  const { topicId, studyDay, seconds, materialsViewed, questionsAttempted, questionsCorrect, accuracy } = stats;
  return {
    user_id: userId,
    topic_id: topicId,
    stat_date: studyDay,
    seconds,
    materials_viewed: materialsViewed,
    questions_attempted: questionsAttempted,
    questions_correct: questionsCorrect,
    accuracy,
    as_of: studyDay,
  };
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
