import { addDays, computeWeeklyStats, isoWeekOf, mondayOnOrBefore } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listTopicDaysOn, saveWeeklyStats } from '../../stores/derived-day-store.ts';
import type { DerivedRow, StoredDay, StoredTopicDay } from '../../stores/derived-day-store.ts';

export type WeeksLearner = {
  readonly userId: string;
  /** All of them, oldest first. */
  readonly storedDays: readonly StoredDay[];
  readonly changedDays: readonly string[];
};

/** Writes the ISO weeks of the changed days of learners, and the weeks after them, whose change is told against these. */
export async function refreshWeeks(tx: Tx, learners: readonly WeeksLearner[]): Promise<void> {
  const tasks = learners.map((learner) => {
    const weeks = Map.groupBy(learner.storedDays, ({ studyDay }) => mondayOnOrBefore(studyDay));
    const mondays = new Set(
      [...new Set(learner.changedDays)].map(mondayOnOrBefore).flatMap((monday) => [monday, addDays(monday, 7)]),
    );
    return { userId: learner.userId, weeks, mondays: [...mondays].filter((monday) => weeks.has(monday)).sort() };
  });
  const days = tasks.flatMap(({ userId, mondays }) =>
    mondays.flatMap(daysOfWeek).map((studyDay) => ({ userId, studyDay })),
  );
  const topicDays = Map.groupBy(await listTopicDaysOn(tx, days), ({ userId }) => userId);
  saveWeeklyStats(
    tx,
    tasks.flatMap(({ userId, weeks, mondays }) => {
      const topicWeeks = Map.groupBy(topicDays.get(userId) ?? [], ({ studyDay }) => mondayOnOrBefore(studyDay));
      return mondays.map((monday) =>
        weekRow(userId, {
          monday,
          days: weeks.get(monday) ?? [],
          previousDays: weeks.get(addDays(monday, -7)) ?? [],
          topicDays: topicWeeks.get(monday) ?? [],
        }),
      );
    }),
  );
}

function daysOfWeek(monday: string): readonly string[] {
  return [0, 1, 2, 3, 4, 5, 6].map((n) => addDays(monday, n));
}

type Week = {
  readonly monday: string;
  readonly days: readonly StoredDay[];
  readonly previousDays: readonly StoredDay[];
  readonly topicDays: readonly StoredTopicDay[];
};

function weekRow(userId: string, { monday, days, previousDays, topicDays }: Week): DerivedRow {
  const { isoYear, isoWeek } = isoWeekOf(monday);
  const stats = computeWeeklyStats({ days, previousDays, topicDays });
  return {
    user_id: userId,
    iso_year: isoYear,
    iso_week: isoWeek,
    sessions: stats.sessions,
    total_seconds: stats.totalSeconds,
    active_seconds: stats.activeSeconds,
    active_days: stats.activeDays,
    questions_attempted: stats.questionsAttempted,
    questions_correct: stats.questionsCorrect,
    accuracy: stats.accuracy,
    xp_earned: stats.xpEarned,
    active_seconds_change: stats.activeSecondsChange,
    questions_change: stats.questionsChange,
    topics_improved: stats.topicsImproved,
    as_of: days.at(-1)?.studyDay ?? monday,
  };
}
