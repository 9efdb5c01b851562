import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { CohortMember } from './cohort-member.ts';

/** A group of learners and those who teach them. */
export class Cohort extends Model<InferAttributes<Cohort>, InferCreationAttributes<Cohort>> {
  declare readonly id: string;
  declare readonly name: string;
  declare readonly createdAt: CreationOptional<Date>;

  declare readonly members?: NonAttribute<readonly CohortMember[]>;
}

export const cohortTable: TableOf<Cohort> = {
  tableName: 'cohorts',
  columns: {
    id: key(DataTypes.UUID),
    name: required(DataTypes.TEXT),
    createdAt: defaulted(DataTypes.DATE),
  },
};
