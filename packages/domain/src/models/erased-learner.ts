import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key } from './columns.ts';
import type { TableOf } from './columns.ts';

/** Tombstones: HMACs of erased learners' ids, so that their late events are refused. */
export class ErasedLearner extends Model<InferAttributes<ErasedLearner>, InferCreationAttributes<ErasedLearner>> {
  declare readonly subject: Buffer;
  declare readonly erasedAt: CreationOptional<Date>;
}

export const erasedLearnerTable: TableOf<ErasedLearner> = {
  tableName: 'erased_learners',
  columns: {
    subject: key(DataTypes.BLOB),
    erasedAt: defaulted(DataTypes.DATE),
  },
};
