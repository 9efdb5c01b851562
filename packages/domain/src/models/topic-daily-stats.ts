import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Topic } from './topic.ts';

/** A learner's study day in one topic, with mastery before its first and after its last answer. */
export class TopicDailyStats extends Model<InferAttributes<TopicDailyStats>, InferCreationAttributes<TopicDailyStats>> {
  declare readonly userId: string;
  declare readonly topicId: string;
  declare readonly statDate: string;
  declare readonly seconds: CreationOptional<number>;
  declare readonly materialsViewed: CreationOptional<number>;
  declare readonly questionsAttempted: CreationOptional<number>;
  declare readonly questionsCorrect: CreationOptional<number>;
  declare readonly accuracy: CreationOptional<number | null>;
  declare readonly masteryBefore: CreationOptional<number | null>;
  declare readonly masteryAfter: CreationOptional<number | null>;
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly asOf: string;
  declare readonly calculatedAt: CreationOptional<Date>;

  declare readonly topic?: NonAttribute<Topic | null>;
}

export const topicDailyStatsTable: TableOf<TopicDailyStats> = {
  tableName: 'topic_daily_stats',
  columns: {
    userId: key(DataTypes.UUID),
    topicId: key(DataTypes.UUID),
    statDate: key(DataTypes.DATEONLY),
    seconds: defaulted(DataTypes.INTEGER),
    materialsViewed: defaulted(DataTypes.INTEGER),
    questionsAttempted: defaulted(DataTypes.INTEGER),
    questionsCorrect: defaulted(DataTypes.INTEGER),
    accuracy: optional(DataTypes.DOUBLE),
    masteryBefore: optional(DataTypes.DOUBLE),
    masteryAfter: optional(DataTypes.DOUBLE),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    asOf: required(DataTypes.DATEONLY),
    calculatedAt: defaulted(DataTypes.DATE),
  },
  indexes: [{ name: 'ix_topic_daily_stats_user_date', fields: ['user_id', 'stat_date'] }],
};
