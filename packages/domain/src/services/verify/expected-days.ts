// Study days and ISO weeks, each from all its facts.
import {
  addDays,
  computeDailyStats,
  computeTopicDay,
  computeWeeklyStats,
  isoWeekOf,
  mondayOf,
} from '../../algorithms/index.ts';
import type {
  DailyStats,
  DayAttempt,
  DayEvent,
  SessionSpans,
  TopicDayMastery,
  TopicDayStats,
} from '../../algorithms/index.ts';
import type { FactEvent } from '../../stores/verify-fact-store.ts';
import type { Row } from '../../stores/verify-tables.ts';
import { CALCULATION_VERSION } from './expected-answers.ts';
import type { FactSession } from './expected-sessions.ts';
import { distinctOf, numberIn } from './learner-facts.ts';
import type { LearnerFacts } from './learner-facts.ts';
import type { Past } from './past.ts';

export type TopicDay = TopicDayStats & { readonly masteryBefore: number | null; readonly masteryAfter: number | null };
export type Days = { readonly daily: readonly DailyStats[]; readonly topicDaily: readonly TopicDay[] };

export type DayInput = {
  readonly sessions: readonly FactSession[];
  /** Question → id of its first attempt. */
  readonly firstAttempts: ReadonlyMap<string, string>;
  readonly masteryOfDays: readonly TopicDayMastery[];
  /** Study day → the goal it was judged by; that is a setting of its time, so it is taken as stored. */
  readonly goals: ReadonlyMap<string, number>;
  readonly past: Past | null;
};

export function computeDays({ events, attempts }: LearnerFacts, input: DayInput): Days {
  const { firstAttempts, goals, past } = input;
  const sessions = sessionsByDay(input.sessions);
  const mastery = masteryByDay(input);
  const attemptsOfDay = Map.groupBy(attempts, (attempt) => attempt.studyDay);
  const days = [...Map.groupBy(events, (event) => event.studyDay)]
    .filter(([studyDay]) => past === null || studyDay >= past.openFrom)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const computed = days.map(([studyDay, ofDay]) => {
    const facts = {
      studyDay,
      events: ofDay.map(dayEvent),
      attempts: (attemptsOfDay.get(studyDay) ?? []).map((attempt) => ({
        ...attempt,
        isFirstAttempt: firstAttempts.get(attempt.questionId) === attempt.id,
      })),
      sessions: sessions.get(studyDay) ?? [],
    };
    const topicIds = distinctOf(ofDay.map((event) => event.topicId));
    return {
      daily: computeDailyStats({ ...facts, goalMinutes: goals.get(studyDay) ?? 0 }),
      topicDaily: topicIds.map((topicId) => topicDayOf({ ...facts, topicId }, mastery.get(`${studyDay} ${topicId}`))),
    };
  });
  return { daily: computed.map((day) => day.daily), topicDaily: computed.flatMap((day) => day.topicDaily) };
}

type MasteryOfDay = Pick<TopicDayMastery, 'masteryBefore' | 'masteryAfter'>;

// A day around the boundary began with the answers before it.
function masteryByDay({ masteryOfDays, past }: DayInput): ReadonlyMap<string, MasteryOfDay> {
  const keyOf = (day: { readonly studyDay: string; readonly topicId: string }): string =>
    `${day.studyDay} ${day.topicId}`;
  const days = new Map<string, MasteryOfDay>(past?.topicDays.map((day) => [keyOf(day), day]));
  for (const day of masteryOfDays) {
    const { masteryBefore } = days.get(keyOf(day)) ?? day;
    days.set(keyOf(day), { masteryBefore, masteryAfter: day.masteryAfter });
  }
  return days;
}

/** All days: those that facts tell of, after those that are given. */
export function withPast(days: Days, past: Past | null): Days {
  if (past === null) return days;
  return { daily: [...past.daily, ...days.daily], topicDaily: [...past.topicDaily, ...days.topicDaily] };
}

function sessionsByDay(sessions: readonly FactSession[]): ReadonlyMap<string, readonly SessionSpans[]> {
  const byDay = new Map<string, SessionSpans[]>();
  for (const { events, spans } of sessions) {
    for (const day of new Set(events.map((event) => event.studyDay))) {
      const known = byDay.get(day);
      if (known === undefined) byDay.set(day, [spans]);
      else known.push(spans);
    }
  }
  return byDay;
}

function dayEvent(event: FactEvent): DayEvent {
  return { ...event, xp: event.eventType === 'xp_earned' ? numberIn(event, 'amount') : null };
}

type TopicDayFacts = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly events: readonly DayEvent[];
  readonly attempts: readonly (DayAttempt & { readonly topicId: string })[];
  readonly sessions: readonly SessionSpans[];
};

function topicDayOf(facts: TopicDayFacts, mastery: MasteryOfDay | undefined): TopicDay {
  const { masteryBefore = null, masteryAfter = null } = mastery ?? {};
  return { ...computeTopicDay(facts), masteryBefore, masteryAfter };
}

export function expectedDaily(userId: string, { daily }: Days): readonly Row[] {
  return daily.map((day) => ({
    user_id: userId,
    stat_date: day.studyDay,
    sessions: day.sessions,
    total_seconds: day.totalSeconds,
    active_seconds: day.activeSeconds,
    longest_session_seconds: day.longestSessionSeconds,
    materials_viewed: day.materialsViewed,
    materials_completed: day.materialsCompleted,
    chunks_read: day.chunksRead,
    unique_topics: day.uniqueTopics,
    questions_attempted: day.questionsAttempted,
    questions_correct: day.questionsCorrect,
    first_attempts: day.firstAttempts,
    first_attempts_correct: day.firstAttemptsCorrect,
    accuracy: day.accuracy,
    mean_response_seconds: day.meanResponseSeconds,
    ai_questions: day.aiQuestions,
    hints: day.hints,
    feedback: day.feedback,
    xp_earned: day.xpEarned,
    achievements: day.achievements,
    goal_minutes: day.goalMinutes,
    goal_met: day.goalMet,
    calculation_version: CALCULATION_VERSION,
    as_of: day.studyDay,
  }));
}

export function expectedTopicDaily(userId: string, { topicDaily }: Days): readonly Row[] {
  return topicDaily.map((day) => ({
    user_id: userId,
    topic_id: day.topicId,
    stat_date: day.studyDay,
    seconds: day.seconds,
    materials_viewed: day.materialsViewed,
    questions_attempted: day.questionsAttempted,
    questions_correct: day.questionsCorrect,
    accuracy: day.accuracy,
    mastery_before: day.masteryBefore,
    mastery_after: day.masteryAfter,
    calculation_version: CALCULATION_VERSION,
    as_of: day.studyDay,
  }));
}

export function expectedWeekly(userId: string, { daily, topicDaily }: Days): readonly Row[] {
  const weeks = Map.groupBy(daily, (day) => mondayBefore(day.studyDay));
  const topicWeeks = Map.groupBy(topicDaily, (day) => mondayBefore(day.studyDay));
  return [...weeks].map(([monday, days]) => {
    const previousDays = weeks.get(addDays(monday, -7)) ?? [];
    const week = computeWeeklyStats({ days, previousDays, topicDays: topicWeeks.get(monday) ?? [] });
    const { isoYear, isoWeek } = isoWeekOf(monday);
    return {
      user_id: userId,
      iso_year: isoYear,
      iso_week: isoWeek,
      sessions: week.sessions,
      total_seconds: week.totalSeconds,
      active_seconds: week.activeSeconds,
      active_days: week.activeDays,
      questions_attempted: week.questionsAttempted,
      questions_correct: week.questionsCorrect,
      accuracy: week.accuracy,
      xp_earned: week.xpEarned,
      active_seconds_change: week.activeSecondsChange,
      questions_change: week.questionsChange,
      topics_improved: week.topicsImproved,
      calculation_version: CALCULATION_VERSION,
      as_of: days.at(-1)?.studyDay ?? null,
    };
  });
}

function mondayBefore(day: string): string {
  const { isoYear, isoWeek } = isoWeekOf(day);
  return mondayOf(isoYear, isoWeek);
}
