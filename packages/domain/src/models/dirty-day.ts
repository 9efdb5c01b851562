import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key } from './columns.ts';
import type { TableOf } from './columns.ts';

/** A study day that has facts its daily row does not know yet. */
export class DirtyDay extends Model<InferAttributes<DirtyDay>, InferCreationAttributes<DirtyDay>> {
  declare readonly userId: string;
  declare readonly studyDay: string;
  declare readonly completed: CreationOptional<boolean>;
}

export const dirtyDayTable: TableOf<DirtyDay> = {
  tableName: 'dirty_days',
  columns: {
    userId: key(DataTypes.UUID),
    studyDay: key(DataTypes.DATEONLY),
    completed: defaulted(DataTypes.BOOLEAN),
  },
};
