import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Question } from './question.ts';
import type { Topic } from './topic.ts';

/** An answer in columns, written with its event; `id` is the event's. Append only, partitioned by month. */
export class QuestionAttempt extends Model<InferAttributes<QuestionAttempt>, InferCreationAttributes<QuestionAttempt>> {
  declare readonly userId: string;
  declare readonly attemptedAt: Date;
  declare readonly id: string;
  declare readonly sessionId: string;
  declare readonly questionId: string;
  declare readonly topicId: string;
  declare readonly receivedAt: Date;
  declare readonly studyDay: string;
  declare readonly selectedAnswer: string;
  declare readonly correctAnswer: CreationOptional<string | null>;
  declare readonly isCorrect: boolean;
  declare readonly gradedBy: 'key' | 'client';
  declare readonly questionVersion: CreationOptional<number | null>;
  declare readonly timeToAnswerSeconds: number;
  declare readonly confidenceLevel: CreationOptional<number | null>;
  declare readonly hintUsed: CreationOptional<boolean>;
  declare readonly explanationViewed: CreationOptional<boolean>;

  declare readonly question?: NonAttribute<Question | null>;
  declare readonly topic?: NonAttribute<Topic | null>;
}

export const questionAttemptTable: TableOf<QuestionAttempt> = {
  tableName: 'question_attempts',
  columns: {
    userId: key(DataTypes.UUID),
    attemptedAt: key(DataTypes.DATE),
    id: key(DataTypes.UUID),
    sessionId: required(DataTypes.UUID),
    questionId: required(DataTypes.UUID),
    topicId: required(DataTypes.UUID),
    receivedAt: required(DataTypes.DATE),
    studyDay: required(DataTypes.DATEONLY),
    selectedAnswer: required(DataTypes.TEXT),
    correctAnswer: optional(DataTypes.TEXT),
    isCorrect: required(DataTypes.BOOLEAN),
    gradedBy: required(DataTypes.TEXT),
    questionVersion: optional(DataTypes.INTEGER),
    timeToAnswerSeconds: required(DataTypes.DOUBLE),
    confidenceLevel: optional(DataTypes.SMALLINT),
    hintUsed: defaulted(DataTypes.BOOLEAN),
    explanationViewed: defaulted(DataTypes.BOOLEAN),
  },
  indexes: [
    { name: 'ix_question_attempts_topic_user', fields: ['topic_id', 'user_id'] },
    { name: 'ix_question_attempts_user_question', fields: ['user_id', 'question_id', 'attempted_at'] },
  ],
};
