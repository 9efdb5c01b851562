import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Material } from './material.ts';
import type { Question } from './question.ts';
import type { TopicRelationship } from './topic-relationship.ts';

/** A topic of the curriculum: exam (0), system (1), subject (2) or subtopic (3). */
export class Topic extends Model<InferAttributes<Topic>, InferCreationAttributes<Topic>> {
  declare readonly id: string;
  declare readonly parentId: CreationOptional<string | null>;
  declare readonly level: number;
  declare readonly path: string;
  declare readonly slug: string;
  declare readonly name: string;
  declare readonly description: CreationOptional<string | null>;
  declare readonly boardExamWeight: CreationOptional<number | null>;
  declare readonly effectiveExamWeight: number;
  declare readonly difficultyLevel: CreationOptional<number | null>;
  declare readonly estimatedStudyHours: CreationOptional<number | null>;
  declare readonly materialsCount: CreationOptional<number>;
  declare readonly questionsCount: CreationOptional<number>;
  declare readonly blocksCount: CreationOptional<number>;

  declare readonly parent?: NonAttribute<Topic | null>;
  declare readonly children?: NonAttribute<readonly Topic[]>;
  declare readonly questions?: NonAttribute<readonly Question[]>;
  declare readonly materials?: NonAttribute<readonly Material[]>;
  declare readonly outgoing?: NonAttribute<readonly TopicRelationship[]>;
  declare readonly incoming?: NonAttribute<readonly TopicRelationship[]>;
}

export const topicTable: TableOf<Topic> = {
  tableName: 'topics',
  columns: {
    id: key(DataTypes.UUID),
    parentId: optional(DataTypes.UUID),
    level: required(DataTypes.SMALLINT),
    path: required(DataTypes.TEXT),
    slug: required(DataTypes.TEXT),
    name: required(DataTypes.TEXT),
    description: optional(DataTypes.TEXT),
    boardExamWeight: optional(DataTypes.DOUBLE),
    effectiveExamWeight: required(DataTypes.DOUBLE),
    difficultyLevel: optional(DataTypes.SMALLINT),
    estimatedStudyHours: optional(DataTypes.DOUBLE),
    materialsCount: defaulted(DataTypes.INTEGER),
    questionsCount: defaulted(DataTypes.INTEGER),
    blocksCount: defaulted(DataTypes.INTEGER),
  },
  indexes: [
    { name: 'ix_topics_parent', fields: ['parent_id'] },
    { name: 'topics_slug_key', unique: true, fields: ['slug'] },
  ],
};
