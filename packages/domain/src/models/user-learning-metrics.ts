import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** A learner's windows of 7, 30, 90 days and all time up to the study day `asOf`, streaks and mastery. */
export class UserLearningMetrics extends Model<
  InferAttributes<UserLearningMetrics>,
  InferCreationAttributes<UserLearningMetrics>
> {
  declare readonly userId: string;
  declare readonly activeSeconds7d: CreationOptional<number>;
  declare readonly activeSeconds30d: CreationOptional<number>;
  declare readonly activeSeconds90d: CreationOptional<number>;
  declare readonly activeSecondsAll: CreationOptional<string>;
  declare readonly sessions7d: CreationOptional<number>;
  declare readonly sessions30d: CreationOptional<number>;
  declare readonly sessions90d: CreationOptional<number>;
  declare readonly sessionsAll: CreationOptional<number>;
  declare readonly activeDays7d: CreationOptional<number>;
  declare readonly activeDays30d: CreationOptional<number>;
  declare readonly activeDays90d: CreationOptional<number>;
  declare readonly activeDaysAll: CreationOptional<number>;
  declare readonly questions7d: CreationOptional<number>;
  declare readonly questions30d: CreationOptional<number>;
  declare readonly questions90d: CreationOptional<number>;
  declare readonly questionsAll: CreationOptional<number>;
  declare readonly correct7d: CreationOptional<number>;
  declare readonly correct30d: CreationOptional<number>;
  declare readonly correct90d: CreationOptional<number>;
  declare readonly correctAll: CreationOptional<number>;
  declare readonly accuracy7d: CreationOptional<number | null>;
  declare readonly accuracy30d: CreationOptional<number | null>;
  declare readonly accuracy90d: CreationOptional<number | null>;
  declare readonly accuracyAll: CreationOptional<number | null>;
  declare readonly xp7d: CreationOptional<string>;
  declare readonly xp30d: CreationOptional<string>;
  declare readonly xp90d: CreationOptional<string>;
  declare readonly xpAll: CreationOptional<string>;
  declare readonly topics7d: CreationOptional<number>;
  declare readonly topics30d: CreationOptional<number>;
  declare readonly topics90d: CreationOptional<number>;
  declare readonly topicsAll: CreationOptional<number>;
  declare readonly currentStreakDays: CreationOptional<number>;
  declare readonly longestStreakDays: CreationOptional<number>;
  declare readonly lastStudyDay: CreationOptional<string | null>;
  declare readonly meanMastery: CreationOptional<number | null>;
  declare readonly topicsMastered: CreationOptional<number>;
  declare readonly topicsInProgress: CreationOptional<number>;
  declare readonly topicsWeak: CreationOptional<number>;
  declare readonly readiness: CreationOptional<number | null>;
  declare readonly focusTopics: CreationOptional<readonly string[]>;
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly asOf: string;
  declare readonly calculatedAt: CreationOptional<Date>;
}

export const userLearningMetricsTable: TableOf<UserLearningMetrics> = {
  tableName: 'user_learning_metrics',
  columns: {
    userId: key(DataTypes.UUID),
    activeSeconds7d: defaulted(DataTypes.INTEGER, 'active_seconds_7d'),
    activeSeconds30d: defaulted(DataTypes.INTEGER, 'active_seconds_30d'),
    activeSeconds90d: defaulted(DataTypes.INTEGER, 'active_seconds_90d'),
    activeSecondsAll: defaulted(DataTypes.BIGINT),
    sessions7d: defaulted(DataTypes.INTEGER, 'sessions_7d'),
    sessions30d: defaulted(DataTypes.INTEGER, 'sessions_30d'),
    sessions90d: defaulted(DataTypes.INTEGER, 'sessions_90d'),
    sessionsAll: defaulted(DataTypes.INTEGER),
    activeDays7d: defaulted(DataTypes.INTEGER, 'active_days_7d'),
    activeDays30d: defaulted(DataTypes.INTEGER, 'active_days_30d'),
    activeDays90d: defaulted(DataTypes.INTEGER, 'active_days_90d'),
    activeDaysAll: defaulted(DataTypes.INTEGER),
    questions7d: defaulted(DataTypes.INTEGER, 'questions_7d'),
    questions30d: defaulted(DataTypes.INTEGER, 'questions_30d'),
    questions90d: defaulted(DataTypes.INTEGER, 'questions_90d'),
    questionsAll: defaulted(DataTypes.INTEGER),
    correct7d: defaulted(DataTypes.INTEGER, 'correct_7d'),
    correct30d: defaulted(DataTypes.INTEGER, 'correct_30d'),
    correct90d: defaulted(DataTypes.INTEGER, 'correct_90d'),
    correctAll: defaulted(DataTypes.INTEGER),
    accuracy7d: optional(DataTypes.DOUBLE, 'accuracy_7d'),
    accuracy30d: optional(DataTypes.DOUBLE, 'accuracy_30d'),
    accuracy90d: optional(DataTypes.DOUBLE, 'accuracy_90d'),
    accuracyAll: optional(DataTypes.DOUBLE),
    xp7d: defaulted(DataTypes.BIGINT, 'xp_7d'),
    xp30d: defaulted(DataTypes.BIGINT, 'xp_30d'),
    xp90d: defaulted(DataTypes.BIGINT, 'xp_90d'),
    xpAll: defaulted(DataTypes.BIGINT),
    topics7d: defaulted(DataTypes.INTEGER, 'topics_7d'),
    topics30d: defaulted(DataTypes.INTEGER, 'topics_30d'),
    topics90d: defaulted(DataTypes.INTEGER, 'topics_90d'),
    topicsAll: defaulted(DataTypes.INTEGER),
    currentStreakDays: defaulted(DataTypes.INTEGER),
    longestStreakDays: defaulted(DataTypes.INTEGER),
    lastStudyDay: optional(DataTypes.DATEONLY),
    meanMastery: optional(DataTypes.DOUBLE),
    topicsMastered: defaulted(DataTypes.INTEGER),
    topicsInProgress: defaulted(DataTypes.INTEGER),
    topicsWeak: defaulted(DataTypes.INTEGER),
    readiness: optional(DataTypes.DOUBLE),
    focusTopics: defaulted(DataTypes.JSONB),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    asOf: required(DataTypes.DATEONLY),
    calculatedAt: defaulted(DataTypes.DATE),
  },
};
