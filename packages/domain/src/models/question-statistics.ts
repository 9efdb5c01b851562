import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** Item statistics of one version of a question. */
export class QuestionStatistics extends Model<
  InferAttributes<QuestionStatistics>,
  InferCreationAttributes<QuestionStatistics>
> {
  declare readonly questionId: string;
  declare readonly version: number;
  declare readonly answers: string;
  declare readonly facility: CreationOptional<number | null>;
  declare readonly firstAttemptFacility: CreationOptional<number | null>;
  declare readonly discrimination: CreationOptional<number | null>;
  declare readonly upperLower27: CreationOptional<number | null>;
  declare readonly distractors: CreationOptional<Readonly<Record<string, number>>>;
  declare readonly medianSeconds: CreationOptional<number | null>;
  declare readonly evidence: CreationOptional<string>;
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly asOf: string;
  declare readonly calculatedAt: CreationOptional<Date>;
}

export const questionStatisticsTable: TableOf<QuestionStatistics> = {
  tableName: 'question_statistics',
  columns: {
    questionId: key(DataTypes.UUID),
    version: key(DataTypes.INTEGER),
    answers: required(DataTypes.BIGINT),
    facility: optional(DataTypes.DOUBLE),
    firstAttemptFacility: optional(DataTypes.DOUBLE),
    discrimination: optional(DataTypes.DOUBLE),
    upperLower27: optional(DataTypes.DOUBLE, 'upper_lower_27'),
    distractors: defaulted(DataTypes.JSONB),
    medianSeconds: optional(DataTypes.DOUBLE),
    evidence: defaulted(DataTypes.TEXT),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    asOf: required(DataTypes.DATEONLY),
    calculatedAt: defaulted(DataTypes.DATE),
  },
};
