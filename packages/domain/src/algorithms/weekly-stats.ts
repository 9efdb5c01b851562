import { isStreakDay, type DayActivity } from './streaks.ts';
import { daysBetween } from './study-day.ts';

/** What a week, or a longer window, needs of a row of daily statistics. */
export type SummedDay = DayActivity & {
  readonly sessions: number;
  readonly totalSeconds: number;
  readonly questionsCorrect: number;
  readonly xpEarned: number;
};

export type TopicDayChange = {
  readonly topicId: string;
  readonly studyDay: string;
  readonly masteryBefore: number | null;
  /** Null on a day the topic was read but not answered in. */
  readonly masteryAfter: number | null;
};

export type WeekFacts = {
  /** Daily rows of the week. */
  readonly days: readonly SummedDay[];
  /** Daily rows of the week before. */
  readonly previousDays: readonly SummedDay[];
  /** Topic-daily rows of the week. */
  readonly topicDays: readonly TopicDayChange[];
};

export type DaySums = {
  readonly sessions: number;
  readonly totalSeconds: number;
  readonly activeSeconds: number;
  readonly activeDays: number;
  readonly questionsAttempted: number;
  readonly questionsCorrect: number;
  readonly accuracy: number | null;
  readonly xpEarned: number;
};

export type WeeklyStats = DaySums & {
  readonly activeSecondsChange: number | null;
  readonly questionsChange: number | null;
  readonly topicsImproved: number;
};

/**
 * One learner's ISO week in numbers, from its daily rows in any order.
 * Formula: sums; active days are streak days; change = this week − the week before; a topic improved when its mastery
 * after its last answered day of the week exceeds that before its first, a topic never practised before counting as 0.
 * Edge cases: accuracy is null without questions, the changes are null when the week before has no row.
 */
export function computeWeeklyStats({ days, previousDays, topicDays }: WeekFacts): WeeklyStats {
  const week = sumDays(days);
  const before = previousDays.length === 0 ? null : sumDays(previousDays);
  return {
    ...week,
    activeSecondsChange: before === null ? null : week.activeSeconds - before.activeSeconds,
    questionsChange: before === null ? null : week.questionsAttempted - before.questionsAttempted,
    topicsImproved: countImproved(topicDays),
  };
}

/** Sums of daily rows; accuracy is null without questions. */
export function sumDays(days: readonly SummedDay[]): DaySums {
  const sum = (valueOf: (day: SummedDay) => number): number => days.reduce((total, day) => total + valueOf(day), 0);
  const questionsAttempted = sum((day) => day.questionsAttempted);
  const questionsCorrect = sum((day) => day.questionsCorrect);
  return {
    sessions: sum((day) => day.sessions),
    totalSeconds: sum((day) => day.totalSeconds),
    activeSeconds: sum((day) => day.activeSeconds),
    activeDays: days.filter(isStreakDay).length,
    questionsAttempted,
    questionsCorrect,
    accuracy: questionsAttempted === 0 ? null : questionsCorrect / questionsAttempted,
    xpEarned: sum((day) => day.xpEarned),
  };
}

function countImproved(topicDays: readonly TopicDayChange[]): number {
  const changes = new Map<string, { readonly before: number; readonly after: number }>();
  for (const day of topicDays.toSorted((a, b) => daysBetween(b.studyDay, a.studyDay))) {
    if (day.masteryAfter === null) continue;
    const before = changes.get(day.topicId)?.before ?? day.masteryBefore ?? 0;
    changes.set(day.topicId, { before, after: day.masteryAfter });
  }
  return [...changes.values()].filter((change) => change.after > change.before).length;
}
