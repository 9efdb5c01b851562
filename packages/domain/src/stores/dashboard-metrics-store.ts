import { statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type MetricsWindow = '7d' | '30d' | '90d' | 'all';
type WindowColumn = 'activeSeconds' | 'sessions' | 'activeDays' | 'questions' | 'correct' | 'xp' | 'topics';

export type MetricsRow = Readonly<Record<`${WindowColumn}_${MetricsWindow}`, number>> &
  Readonly<Record<`accuracy_${MetricsWindow}`, number | null>> & {
    readonly currentStreakDays: number;
    readonly longestStreakDays: number;
    readonly lastStudyDay: string | null;
    readonly meanMastery: number | null;
    readonly topicsMastered: number;
    readonly topicsInProgress: number;
    readonly topicsWeak: number;
    readonly readiness: number | null;
    readonly focusTopics: readonly string[];
    readonly calculationVersion: number;
    readonly asOf: string;
  };

const selectMetrics = statement(
  'dashboard.metrics',
  `select
    active_seconds_7d as "activeSeconds_7d",
    active_seconds_30d as "activeSeconds_30d",
    active_seconds_90d as "activeSeconds_90d",
    active_seconds_all::double precision as "activeSeconds_all",
    sessions_7d,
    sessions_30d,
    sessions_90d,
    sessions_all,
    active_days_7d as "activeDays_7d",
    active_days_30d as "activeDays_30d",
    active_days_90d as "activeDays_90d",
    active_days_all as "activeDays_all",
    questions_7d,
    questions_30d,
    questions_90d,
    questions_all,
    correct_7d,
    correct_30d,
    correct_90d,
    correct_all,
    accuracy_7d,
    accuracy_30d,
    accuracy_90d,
    accuracy_all,
    xp_7d::double precision,
    xp_30d::double precision,
    xp_90d::double precision,
    xp_all::double precision,
    topics_7d,
    topics_30d,
    topics_90d,
    topics_all,
    current_streak_days as "currentStreakDays",
    longest_streak_days as "longestStreakDays",
    last_study_day::text as "lastStudyDay",
    mean_mastery as "meanMastery",
    topics_mastered as "topicsMastered",
    topics_in_progress as "topicsInProgress",
    topics_weak as "topicsWeak",
    readiness,
    focus_topics as "focusTopics",
    calculation_version as "calculationVersion",
    as_of::text as "asOf"
  from user_learning_metrics
  where user_id = $1`,
);

export async function findMetrics(reader: Reader, userId: string): Promise<MetricsRow | null> {
  const [row] = await reader.query<MetricsRow>(selectMetrics, [userId]);
  return row ?? null;
}
