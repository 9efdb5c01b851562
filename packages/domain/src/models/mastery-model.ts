import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { MasteryModelCount } from './mastery-model-count.ts';

/** A version of the mastery model; immutable but for which one is active. */
export class MasteryModel extends Model<InferAttributes<MasteryModel>, InferCreationAttributes<MasteryModel>> {
  declare readonly version: number;
  declare readonly madeAt: CreationOptional<Date>;
  declare readonly answers: string;
  declare readonly p0Right: string;
  declare readonly p0Total: string;
  declare readonly coefficients: Readonly<Record<string, unknown>>;
  declare readonly qualityBefore: CreationOptional<Readonly<Record<string, unknown>> | null>;
  declare readonly qualityAfter: CreationOptional<Readonly<Record<string, unknown>> | null>;
  declare readonly active: CreationOptional<boolean>;

  declare readonly counts?: NonAttribute<readonly MasteryModelCount[]>;
}

export const masteryModelTable: TableOf<MasteryModel> = {
  tableName: 'mastery_models',
  columns: {
    version: key(DataTypes.INTEGER),
    madeAt: defaulted(DataTypes.DATE),
    answers: required(DataTypes.BIGINT),
    p0Right: required(DataTypes.BIGINT),
    p0Total: required(DataTypes.BIGINT),
    coefficients: required(DataTypes.JSONB),
    qualityBefore: optional(DataTypes.JSONB),
    qualityAfter: optional(DataTypes.JSONB),
    active: defaulted(DataTypes.BOOLEAN),
  },
  indexes: [{ name: 'ix_mastery_models_active', unique: true, fields: ['active'] }],
};
