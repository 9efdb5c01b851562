import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Topic } from './topic.ts';

/** Something to read or watch, of one topic. */
export class Material extends Model<InferAttributes<Material>, InferCreationAttributes<Material>> {
  declare readonly id: string;
  declare readonly topicId: string;
  declare readonly kind: string;
  declare readonly chunkCount: CreationOptional<number>;
  declare readonly estimatedMinutes: CreationOptional<number | null>;

  declare readonly topic?: NonAttribute<Topic | null>;
}

export const materialTable: TableOf<Material> = {
  tableName: 'materials',
  columns: {
    id: key(DataTypes.UUID),
    topicId: required(DataTypes.UUID),
    kind: required(DataTypes.TEXT),
    chunkCount: defaulted(DataTypes.INTEGER),
    estimatedMinutes: optional(DataTypes.DOUBLE),
  },
  indexes: [{ name: 'ix_materials_topic', fields: ['topic_id'] }],
};
