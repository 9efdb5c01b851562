import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Topic } from './topic.ts';

/** How one topic bears on another; `prerequisite`: the source is to be learned before the target. */
export class TopicRelationship extends Model<
  InferAttributes<TopicRelationship>,
  InferCreationAttributes<TopicRelationship>
> {
  declare readonly sourceTopicId: string;
  declare readonly targetTopicId: string;
  declare readonly relationshipType: 'prerequisite' | 'related' | 'complication' | 'treatment';
  declare readonly strength: CreationOptional<number>;

  declare readonly source?: NonAttribute<Topic | null>;
  declare readonly target?: NonAttribute<Topic | null>;
}

export const topicRelationshipTable: TableOf<TopicRelationship> = {
  tableName: 'topic_relationships',
  columns: {
    sourceTopicId: key(DataTypes.UUID),
    targetTopicId: key(DataTypes.UUID),
    relationshipType: key(DataTypes.TEXT),
    strength: defaulted(DataTypes.DOUBLE),
  },
};
