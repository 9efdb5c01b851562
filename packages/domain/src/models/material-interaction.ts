import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, generated, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Material } from './material.ts';
import type { Topic } from './topic.ts';

/** What one session did with one material, or with one chunk of it. */
export class MaterialInteraction extends Model<
  InferAttributes<MaterialInteraction>,
  InferCreationAttributes<MaterialInteraction>
> {
  declare readonly userId: string;
  declare readonly sessionId: string;
  declare readonly materialId: string;
  declare readonly chunkId: CreationOptional<string | null>;
  declare readonly topicId: CreationOptional<string | null>;
  declare readonly startedAt: Date;
  declare readonly endedAt: Date;
  declare readonly durationSeconds: CreationOptional<number>;
  declare readonly scrollDepthPercent: CreationOptional<number>;
  declare readonly isComplete: CreationOptional<boolean>;
  declare readonly completedAt: CreationOptional<Date | null>;
  declare readonly openCount: CreationOptional<number>;
  declare readonly revisitCount: CreationOptional<number | null>;
  declare readonly highlightsCount: CreationOptional<number>;
  declare readonly notesCount: CreationOptional<number>;
  declare readonly bookmarked: CreationOptional<boolean>;

  declare readonly material?: NonAttribute<Material | null>;
  declare readonly topic?: NonAttribute<Topic | null>;
}

export const materialInteractionTable: TableOf<MaterialInteraction> = {
  tableName: 'material_interactions',
  columns: {
    userId: required(DataTypes.UUID),
    sessionId: required(DataTypes.UUID),
    materialId: required(DataTypes.UUID),
    chunkId: optional(DataTypes.UUID),
    topicId: optional(DataTypes.UUID),
    startedAt: required(DataTypes.DATE),
    endedAt: required(DataTypes.DATE),
    durationSeconds: defaulted(DataTypes.DOUBLE),
    scrollDepthPercent: defaulted(DataTypes.DOUBLE),
    isComplete: defaulted(DataTypes.BOOLEAN),
    completedAt: optional(DataTypes.DATE),
    openCount: defaulted(DataTypes.INTEGER),
    revisitCount: generated(DataTypes.INTEGER),
    highlightsCount: defaulted(DataTypes.INTEGER),
    notesCount: defaulted(DataTypes.INTEGER),
    bookmarked: defaulted(DataTypes.BOOLEAN),
  },
  indexes: [
    { name: 'ix_material_interactions_material_user', fields: ['material_id', 'user_id'] },
    { name: 'ix_material_interactions_user_started', fields: ['user_id', 'started_at'] },
    {
      name: 'material_interactions_user_id_session_id_material_id_chunk__key',
      unique: true,
      fields: ['user_id', 'session_id', 'material_id', 'chunk_id'],
    },
  ],
};
