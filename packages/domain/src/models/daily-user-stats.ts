import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** A learner's study day. */
export class DailyUserStats extends Model<InferAttributes<DailyUserStats>, InferCreationAttributes<DailyUserStats>> {
  declare readonly userId: string;
  declare readonly statDate: string;
  declare readonly sessions: CreationOptional<number>;
  declare readonly totalSeconds: CreationOptional<number>;
  declare readonly activeSeconds: CreationOptional<number>;
  declare readonly longestSessionSeconds: CreationOptional<number>;
  declare readonly materialsViewed: CreationOptional<number>;
  declare readonly materialsCompleted: CreationOptional<number>;
  declare readonly chunksRead: CreationOptional<number>;
  declare readonly uniqueTopics: CreationOptional<number>;
  declare readonly questionsAttempted: CreationOptional<number>;
  declare readonly questionsCorrect: CreationOptional<number>;
  declare readonly firstAttempts: CreationOptional<number>;
  declare readonly firstAttemptsCorrect: CreationOptional<number>;
  declare readonly accuracy: CreationOptional<number | null>;
  declare readonly meanResponseSeconds: CreationOptional<number | null>;
  declare readonly aiQuestions: CreationOptional<number>;
  declare readonly hints: CreationOptional<number>;
  declare readonly feedback: CreationOptional<number>;
  declare readonly xpEarned: CreationOptional<string>;
  declare readonly achievements: CreationOptional<number>;
  declare readonly goalMinutes: number;
  declare readonly goalMet: CreationOptional<boolean>;
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly asOf: string;
  declare readonly calculatedAt: CreationOptional<Date>;
}

export const dailyUserStatsTable: TableOf<DailyUserStats> = {
  tableName: 'daily_user_stats',
  columns: {
    userId: key(DataTypes.UUID),
    statDate: key(DataTypes.DATEONLY),
    sessions: defaulted(DataTypes.INTEGER),
    totalSeconds: defaulted(DataTypes.INTEGER),
    activeSeconds: defaulted(DataTypes.INTEGER),
    longestSessionSeconds: defaulted(DataTypes.INTEGER),
    materialsViewed: defaulted(DataTypes.INTEGER),
    materialsCompleted: defaulted(DataTypes.INTEGER),
    chunksRead: defaulted(DataTypes.INTEGER),
    uniqueTopics: defaulted(DataTypes.INTEGER),
    questionsAttempted: defaulted(DataTypes.INTEGER),
    questionsCorrect: defaulted(DataTypes.INTEGER),
    firstAttempts: defaulted(DataTypes.INTEGER),
    firstAttemptsCorrect: defaulted(DataTypes.INTEGER),
    accuracy: optional(DataTypes.DOUBLE),
    meanResponseSeconds: optional(DataTypes.DOUBLE),
    aiQuestions: defaulted(DataTypes.INTEGER),
    hints: defaulted(DataTypes.INTEGER),
    feedback: defaulted(DataTypes.INTEGER),
    xpEarned: defaulted(DataTypes.BIGINT),
    achievements: defaulted(DataTypes.INTEGER),
    goalMinutes: required(DataTypes.SMALLINT),
    goalMet: defaulted(DataTypes.BOOLEAN),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    asOf: required(DataTypes.DATEONLY),
    calculatedAt: defaulted(DataTypes.DATE),
  },
};
