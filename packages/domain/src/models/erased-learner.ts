import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional } from './columns.ts';
import type { TableOf } from './columns.ts';

/** Tombstones: HMACs of erased learners' ids, so that their late events are refused, and what was deleted of each. */
export class ErasedLearner extends Model<InferAttributes<ErasedLearner>, InferCreationAttributes<ErasedLearner>> {
  declare readonly subject: Buffer;
  declare readonly erasedAt: CreationOptional<Date>;
  declare readonly pendingUserId: CreationOptional<string | null>;
  declare readonly finishedAt: CreationOptional<Date | null>;
  declare readonly counts: CreationOptional<Readonly<Record<string, number>>>;
  declare readonly hash: CreationOptional<Buffer | null>;
}

export const erasedLearnerTable: TableOf<ErasedLearner> = {
  tableName: 'erased_learners',
  columns: {
    subject: key(DataTypes.BLOB),
    erasedAt: defaulted(DataTypes.DATE),
    pendingUserId: optional(DataTypes.UUID),
    finishedAt: optional(DataTypes.DATE),
    counts: defaulted(DataTypes.JSONB),
    hash: optional(DataTypes.BLOB),
  },
  indexes: [{ name: 'ix_erased_learners_pending', fields: ['pending_user_id'] }],
};
