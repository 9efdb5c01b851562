import { addDays, computeWeeklyStats, isoWeekOf, mondayOf } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listTopicDaysOn, saveWeeklyStats } from '../../stores/derived-day-store.ts';
import type { DerivedRow, StoredDay, StoredTopicDay } from '../../stores/derived-day-store.ts';

export type WeeksInput = {
  readonly userId: string;
  readonly storedDays: readonly StoredDay[];
  readonly changedDays: readonly string[];
};

/** Writes the ISO weeks of the changed days, and the weeks after them, whose change is told against these. */
export async function refreshWeeks(tx: Tx, { userId, storedDays, changedDays }: WeeksInput): Promise<void> {
  const mondays = new Set(changedDays.map(mondayOfDay).flatMap((monday) => [monday, addDays(monday, 7)]));
  const weeks = Map.groupBy(storedDays, ({ studyDay }) => mondayOfDay(studyDay));
  const toWrite = [...mondays].filter((monday) => weeks.has(monday)).sort();
  if (toWrite.length === 0) return;
  const topicDays = await listTopicDaysOn(
    tx,
    userId,
    toWrite.flatMap((monday) => [0, 1, 2, 3, 4, 5, 6].map((n) => addDays(monday, n))),
  );
  const topicWeeks = Map.groupBy(topicDays, ({ studyDay }) => mondayOfDay(studyDay));
  await saveWeeklyStats(
    tx,
    toWrite.map((monday) =>
      weekRow(userId, {
        monday,
        days: weeks.get(monday) ?? [],
        previousDays: weeks.get(addDays(monday, -7)) ?? [],
        topicDays: topicWeeks.get(monday) ?? [],
      }),
    ),
  );
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

function mondayOfDay(day: string): string {
  const { isoYear, isoWeek } = isoWeekOf(day);
  return mondayOf(isoYear, isoWeek);
}
