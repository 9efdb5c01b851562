import type { App } from '../app.ts';
import { findMetrics } from '../stores/dashboard-metrics-store.ts';
import type { MetricsRow, MetricsWindow } from '../stores/dashboard-metrics-store.ts';
import { minutesOf } from './dashboard-units.ts';

export type OverviewWindow = {
  /** Active minutes, one decimal. */
  readonly minutes: number;
  readonly sessions: number;
  readonly activeDays: number;
  readonly questions: number;
  readonly correct: number;
  readonly accuracy: number | null;
  readonly xp: number;
  readonly topics: number;
};

export type Overview = {
  /** The study day on which the windows end; null before the first computation, and all else is then zero. */
  readonly asOf: string | null;
  readonly calculationVersion: number | null;
  readonly last7Days: OverviewWindow;
  readonly last30Days: OverviewWindow;
  readonly last90Days: OverviewWindow;
  readonly allTime: OverviewWindow;
  readonly streak: {
    readonly currentDays: number;
    readonly longestDays: number;
    readonly lastStudyDay: string | null;
  };
  readonly mastery: {
    readonly mean: number | null;
    readonly topicsMastered: number;
    readonly topicsInProgress: number;
    readonly topicsWeak: number;
  };
  readonly readiness: number | null;
  readonly focusTopics: readonly string[];
};

// Made for each answer: what occurs twice in one would be sent as a reference by those who look for it.
const emptyWindow = (): OverviewWindow => ({
  minutes: 0,
  sessions: 0,
  activeDays: 0,
  questions: 0,
  correct: 0,
  accuracy: null,
  xp: 0,
  topics: 0,
});

const emptyOverview = (): Overview => ({
  asOf: null,
  calculationVersion: null,
  last7Days: emptyWindow(),
  last30Days: emptyWindow(),
  last90Days: emptyWindow(),
  allTime: emptyWindow(),
  streak: { currentDays: 0, longestDays: 0, lastStudyDay: null },
  mastery: { mean: null, topicsMastered: 0, topicsInProgress: 0, topicsWeak: 0 },
  readiness: null,
  focusTopics: [],
});

/** A learner's rolling windows, streaks and mastery in one row. Throws `not_found` for an unknown learner. */
export async function getOverview(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId }: { readonly userId: string },
): Promise<Overview> {
  const row = await findMetrics(database.reader, userId);
  if (row !== null) return overviewOf(row);
  await requireLearner(database.reader, userId);
  return emptyOverview();
}

function overviewOf(row: MetricsRow): Overview {
  return {
    asOf: row.asOf,
    calculationVersion: row.calculationVersion,
    last7Days: windowOf(row, '7d'),
    last30Days: windowOf(row, '30d'),
    last90Days: windowOf(row, '90d'),
    allTime: windowOf(row, 'all'),
    streak: {
      currentDays: row.currentStreakDays,
      longestDays: row.longestStreakDays,
      lastStudyDay: row.lastStudyDay,
    },
    mastery: {
      mean: row.meanMastery,
      topicsMastered: row.topicsMastered,
      topicsInProgress: row.topicsInProgress,
      topicsWeak: row.topicsWeak,
    },
    readiness: row.readiness,
    focusTopics: row.focusTopics,
  };
}

function windowOf(row: MetricsRow, window: MetricsWindow): OverviewWindow {
  return {
    minutes: minutesOf(row[`activeSeconds_${window}`]),
    sessions: row[`sessions_${window}`],
    activeDays: row[`activeDays_${window}`],
    questions: row[`questions_${window}`],
    correct: row[`correct_${window}`],
    accuracy: row[`accuracy_${window}`],
    xp: row[`xp_${window}`],
    topics: row[`topics_${window}`],
  };
}
