import { DataTypes, Model } from 'sequelize';
import type { InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { key, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Cohort } from './cohort.ts';

/** A member of a cohort and their role in it. */
export class CohortMember extends Model<InferAttributes<CohortMember>, InferCreationAttributes<CohortMember>> {
  declare readonly cohortId: string;
  declare readonly userId: string;
  declare readonly role: 'learner' | 'instructor';

  declare readonly cohort?: NonAttribute<Cohort>;
}

export const cohortMemberTable: TableOf<CohortMember> = {
  tableName: 'cohort_members',
  columns: {
    cohortId: key(DataTypes.UUID),
    userId: key(DataTypes.UUID),
    role: required(DataTypes.TEXT),
  },
  indexes: [{ name: 'ix_cohort_members_user', fields: ['user_id'] }],
};
