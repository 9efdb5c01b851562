import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Topic } from './topic.ts';

/** A question with its key. Attempts are graded once, on acceptance: a later key changes nothing stored. */
export class Question extends Model<InferAttributes<Question>, InferCreationAttributes<Question>> {
  declare readonly id: string;
  declare readonly topicId: string;
  declare readonly correctAnswer: string;
  declare readonly options: CreationOptional<readonly string[]>;
  declare readonly difficulty: CreationOptional<number | null>;
  declare readonly version: CreationOptional<number>;

  declare readonly topic?: NonAttribute<Topic | null>;
}

export const questionTable: TableOf<Question> = {
  tableName: 'questions',
  columns: {
    id: key(DataTypes.UUID),
    topicId: required(DataTypes.UUID),
    correctAnswer: required(DataTypes.TEXT),
    options: defaulted(DataTypes.JSONB),
    difficulty: optional(DataTypes.DOUBLE),
    version: defaulted(DataTypes.INTEGER),
  },
  indexes: [{ name: 'ix_questions_topic', fields: ['topic_id'] }],
};
