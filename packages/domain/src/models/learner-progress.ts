import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional } from './columns.ts';
import type { TableOf } from './columns.ts';

/** How far the worker has folded a learner's answers. */
export class LearnerProgress extends Model<InferAttributes<LearnerProgress>, InferCreationAttributes<LearnerProgress>> {
  declare readonly userId: string;
  declare readonly answers: CreationOptional<string>;
  declare readonly cursorAt: CreationOptional<Date | null>;
  declare readonly cursorId: CreationOptional<string | null>;
  declare readonly theta: CreationOptional<number>;
  declare readonly modelVersion: CreationOptional<number>;
  declare readonly curriculumVersion: CreationOptional<number>;
  declare readonly scheduler: CreationOptional<'fsrs-6' | 'sm2-seed' | 'sm2' | null>;
  declare readonly gapVersion: CreationOptional<1 | 2 | null>;
  declare readonly night: CreationOptional<string | null>;
}

export const learnerProgressTable: TableOf<LearnerProgress> = {
  tableName: 'learner_progress',
  columns: {
    userId: key(DataTypes.UUID),
    answers: defaulted(DataTypes.BIGINT),
    cursorAt: optional(DataTypes.DATE),
    cursorId: optional(DataTypes.UUID),
    theta: defaulted(DataTypes.DOUBLE),
    modelVersion: defaulted(DataTypes.INTEGER),
    curriculumVersion: defaulted(DataTypes.INTEGER),
    scheduler: optional(DataTypes.TEXT),
    gapVersion: optional(DataTypes.SMALLINT),
    night: optional(DataTypes.DATEONLY),
  },
};
