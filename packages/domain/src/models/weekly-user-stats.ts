import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** A learner's ISO week. */
export class WeeklyUserStats extends Model<InferAttributes<WeeklyUserStats>, InferCreationAttributes<WeeklyUserStats>> {
  declare readonly userId: string;
  declare readonly isoYear: number;
  declare readonly isoWeek: number;
  declare readonly sessions: CreationOptional<number>;
  declare readonly totalSeconds: CreationOptional<number>;
  declare readonly activeSeconds: CreationOptional<number>;
  declare readonly activeDays: CreationOptional<number>;
  declare readonly questionsAttempted: CreationOptional<number>;
  declare readonly questionsCorrect: CreationOptional<number>;
  declare readonly accuracy: CreationOptional<number | null>;
  declare readonly xpEarned: CreationOptional<string>;
  declare readonly activeSecondsChange: CreationOptional<number | null>;
  declare readonly questionsChange: CreationOptional<number | null>;
  declare readonly topicsImproved: CreationOptional<number>;
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly asOf: string;
  declare readonly calculatedAt: CreationOptional<Date>;
}

export const weeklyUserStatsTable: TableOf<WeeklyUserStats> = {
  tableName: 'weekly_user_stats',
  columns: {
    userId: key(DataTypes.UUID),
    isoYear: key(DataTypes.SMALLINT),
    isoWeek: key(DataTypes.SMALLINT),
    sessions: defaulted(DataTypes.INTEGER),
    totalSeconds: defaulted(DataTypes.INTEGER),
    activeSeconds: defaulted(DataTypes.INTEGER),
    activeDays: defaulted(DataTypes.SMALLINT),
    questionsAttempted: defaulted(DataTypes.INTEGER),
    questionsCorrect: defaulted(DataTypes.INTEGER),
    accuracy: optional(DataTypes.DOUBLE),
    xpEarned: defaulted(DataTypes.BIGINT),
    activeSecondsChange: optional(DataTypes.INTEGER),
    questionsChange: optional(DataTypes.INTEGER),
    topicsImproved: defaulted(DataTypes.INTEGER),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    asOf: required(DataTypes.DATEONLY),
    calculatedAt: defaulted(DataTypes.DATE),
  },
};
