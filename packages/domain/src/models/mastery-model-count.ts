import { DataTypes, Model } from 'sequelize';
import type { InferAttributes, InferCreationAttributes } from 'sequelize';
import { key, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** A model version's counts of answers by question or topic; immutable. */
export class MasteryModelCount extends Model<
  InferAttributes<MasteryModelCount>,
  InferCreationAttributes<MasteryModelCount>
> {
  declare readonly version: number;
  declare readonly kind: 'question' | 'topic';
  declare readonly id: string;
  declare readonly answersRight: string;
  declare readonly answersTotal: string;
}

export const masteryModelCountTable: TableOf<MasteryModelCount> = {
  tableName: 'mastery_model_counts',
  columns: {
    version: key(DataTypes.INTEGER),
    kind: key(DataTypes.TEXT),
    id: key(DataTypes.UUID),
    answersRight: required(DataTypes.BIGINT),
    answersTotal: required(DataTypes.BIGINT),
  },
};
