import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** What follows from a learner's facts before a boundary, so that they can be dropped. */
export class LearnerCheckpoint extends Model<
  InferAttributes<LearnerCheckpoint>,
  InferCreationAttributes<LearnerCheckpoint>
> {
  declare readonly userId: string;
  /** The first day from which on facts are stored. */
  declare readonly boundary: string;
  /** A bigint: a decimal string. */
  declare readonly answers: string;
  declare readonly state: object;
  declare readonly kept: CreationOptional<object | null>;
  declare readonly madeAt: CreationOptional<Date>;
}

export const learnerCheckpointTable: TableOf<LearnerCheckpoint> = {
  tableName: 'learner_checkpoints',
  columns: {
    userId: key(DataTypes.UUID),
    boundary: required(DataTypes.DATEONLY),
    answers: required(DataTypes.BIGINT),
    state: required(DataTypes.JSONB),
    kept: optional(DataTypes.JSONB),
    madeAt: defaulted(DataTypes.DATE),
  },
};
