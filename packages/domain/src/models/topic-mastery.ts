import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Topic } from './topic.ts';

/** The mastery of one topic by one learner, as of `asOf`. Scores lie in [0, 1]; no answer yet: null, not 0. */
export class TopicMastery extends Model<InferAttributes<TopicMastery>, InferCreationAttributes<TopicMastery>> {
  declare readonly userId: string;
  declare readonly topicId: string;
  declare readonly masteryScore: CreationOptional<number | null>;
  declare readonly scoreV1: CreationOptional<number | null>;
  declare readonly scoreV2: CreationOptional<number | null>;
  declare readonly confidenceScore: CreationOptional<number | null>;
  declare readonly retrievalStrength: CreationOptional<number | null>;
  declare readonly retentionRate: CreationOptional<number | null>;
  declare readonly firstAttemptAccuracy: CreationOptional<number | null>;
  declare readonly overallAccuracy: CreationOptional<number | null>;
  declare readonly materialCompletion: CreationOptional<number | null>;
  declare readonly theta: CreationOptional<number>;
  declare readonly recent: CreationOptional<number>;
  declare readonly learnerTheta: CreationOptional<number>;
  declare readonly ewma: CreationOptional<number>;
  declare readonly questionsAttempted: CreationOptional<number>;
  declare readonly questionsCorrect: CreationOptional<number>;
  declare readonly firstAttempts: CreationOptional<number>;
  declare readonly firstCorrect: CreationOptional<number>;
  declare readonly answerSeconds: CreationOptional<number>;
  declare readonly firstAnswerAt: CreationOptional<Date | null>;
  declare readonly lastAnswerAt: CreationOptional<Date | null>;
  declare readonly materialsCompleted: CreationOptional<number>;
  declare readonly materialsTotal: CreationOptional<number>;
  declare readonly totalStudySeconds: CreationOptional<number>;
  declare readonly avgResponseTimeSeconds: CreationOptional<number | null>;
  declare readonly firstStudiedAt: Date;
  declare readonly lastStudiedAt: Date;
  declare readonly nextReviewDay: CreationOptional<string | null>;
  declare readonly reviewIntervalDays: CreationOptional<number | null>;
  declare readonly masteryTrend: CreationOptional<'improving' | 'stable' | 'declining' | 'unknown'>;
  declare readonly evidence: CreationOptional<'none' | 'not_enough_data' | 'enough'>;
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly asOf: Date;
  declare readonly calculatedAt: CreationOptional<Date>;

  declare readonly topic?: NonAttribute<Topic | null>;
}

export const topicMasteryTable: TableOf<TopicMastery> = {
  tableName: 'topic_mastery',
  columns: {
    userId: key(DataTypes.UUID),
    topicId: key(DataTypes.UUID),
    masteryScore: optional(DataTypes.DOUBLE),
    scoreV1: optional(DataTypes.DOUBLE),
    scoreV2: optional(DataTypes.DOUBLE),
    confidenceScore: optional(DataTypes.DOUBLE),
    retrievalStrength: optional(DataTypes.DOUBLE),
    retentionRate: optional(DataTypes.DOUBLE),
    firstAttemptAccuracy: optional(DataTypes.DOUBLE),
    overallAccuracy: optional(DataTypes.DOUBLE),
    materialCompletion: optional(DataTypes.DOUBLE),
    theta: defaulted(DataTypes.DOUBLE),
    recent: defaulted(DataTypes.DOUBLE),
    learnerTheta: defaulted(DataTypes.DOUBLE),
    ewma: defaulted(DataTypes.DOUBLE),
    questionsAttempted: defaulted(DataTypes.INTEGER),
    questionsCorrect: defaulted(DataTypes.INTEGER),
    firstAttempts: defaulted(DataTypes.INTEGER),
    firstCorrect: defaulted(DataTypes.INTEGER),
    answerSeconds: defaulted(DataTypes.DOUBLE),
    firstAnswerAt: optional(DataTypes.DATE),
    lastAnswerAt: optional(DataTypes.DATE),
    materialsCompleted: defaulted(DataTypes.INTEGER),
    materialsTotal: defaulted(DataTypes.INTEGER),
    totalStudySeconds: defaulted(DataTypes.INTEGER),
    avgResponseTimeSeconds: optional(DataTypes.DOUBLE),
    firstStudiedAt: required(DataTypes.DATE),
    lastStudiedAt: required(DataTypes.DATE),
    nextReviewDay: optional(DataTypes.DATEONLY),
    reviewIntervalDays: optional(DataTypes.INTEGER),
    masteryTrend: defaulted(DataTypes.TEXT),
    evidence: defaulted(DataTypes.TEXT),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    asOf: required(DataTypes.DATE),
    calculatedAt: defaulted(DataTypes.DATE),
  },
  indexes: [
    { name: 'ix_topic_mastery_user_mastery', fields: ['user_id', 'mastery_score'] },
    { name: 'ix_topic_mastery_user_review', fields: ['user_id', 'next_review_day'] },
  ],
};
