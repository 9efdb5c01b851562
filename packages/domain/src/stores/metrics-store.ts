import { METRICS_VERSION } from '../algorithms/index.ts';
import type { LearningMetrics, WindowMetrics } from '../algorithms/index.ts';
import type { Tx } from '../database/index.ts';
import type { ColumnRow } from './column-arrays.ts';
import { upsertOf } from './upsert.ts';

const windows = ['7d', '30d', '90d', 'all'] as const;
type Window = (typeof windows)[number];

const ofWindow = (window: Window): Record<string, string> => ({
  [`active_seconds_${window}`]: 'bigint',
  [`sessions_${window}`]: 'int',
  [`active_days_${window}`]: 'int',
  [`questions_${window}`]: 'int',
  [`correct_${window}`]: 'int',
  [`accuracy_${window}`]: 'float8',
  [`xp_${window}`]: 'bigint',
  [`topics_${window}`]: 'int',
});

const save = upsertOf({
  name: 'metrics.save',
  table: 'user_learning_metrics',
  key: ['user_id'],
  columns: {
    user_id: 'uuid',
    ...ofWindow('7d'),
    ...ofWindow('30d'),
    ...ofWindow('90d'),
    ...ofWindow('all'),
    current_streak_days: 'int',
    longest_streak_days: 'int',
    last_study_day: 'date',
    mean_mastery: 'float8',
    topics_mastered: 'int',
    topics_in_progress: 'int',
    topics_weak: 'int',
    readiness: 'float8',
    focus_topics: 'jsonb',
    calculation_version: 'smallint',
    as_of: 'date',
  },
});

export type MetricsOf = {
  readonly userId: string;
  readonly metrics: LearningMetrics;
  readonly readiness: number | null;
  readonly asOfDay: string;
};

/** Saves the metrics of learners, each once. Sent, not waited for. */
export function saveLearningMetrics(tx: Tx, learners: readonly MetricsOf[]): void {
  save(tx, learners.map(metricsRow));
}

function metricsRow({ userId, metrics, readiness, asOfDay }: MetricsOf): ColumnRow {
  return {
    user_id: userId,
    ...windowRow('7d', metrics.last7Days),
    ...windowRow('30d', metrics.last30Days),
    ...windowRow('90d', metrics.last90Days),
    ...windowRow('all', metrics.allTime),
    current_streak_days: metrics.streaks.current,
    longest_streak_days: metrics.streaks.longest,
    last_study_day: metrics.streaks.lastStudyDay,
    mean_mastery: metrics.meanMastery,
    topics_mastered: metrics.topicsMastered,
    topics_in_progress: metrics.topicsInProgress,
    topics_weak: metrics.topicsWeak,
    readiness,
    focus_topics: metrics.focusTopics,
    calculation_version: METRICS_VERSION,
    as_of: asOfDay,
  };
}

function windowRow(window: Window, values: WindowMetrics): Record<string, number | null> {
  return {
    [`active_seconds_${window}`]: values.activeSeconds,
    [`sessions_${window}`]: values.sessions,
    [`active_days_${window}`]: values.activeDays,
    [`questions_${window}`]: values.questions,
    [`correct_${window}`]: values.correct,
    [`accuracy_${window}`]: values.accuracy,
    [`xp_${window}`]: values.xp,
    [`topics_${window}`]: values.topics,
  };
}
