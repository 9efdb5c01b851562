import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaultedKey, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** A single row: the version that every import with an effect raises, and the lock of imports. */
export class CurriculumVersion extends Model<
  InferAttributes<CurriculumVersion>,
  InferCreationAttributes<CurriculumVersion>
> {
  declare readonly onlyRow: CreationOptional<boolean>;
  declare readonly version: number;
}

export const curriculumVersionTable: TableOf<CurriculumVersion> = {
  tableName: 'curriculum_version',
  columns: {
    onlyRow: defaultedKey(DataTypes.BOOLEAN),
    version: required(DataTypes.INTEGER),
  },
};
