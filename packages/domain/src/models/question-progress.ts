import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Question } from './question.ts';
import type { Topic } from './topic.ts';

/** What a learner did with one question; `checkpointAttempts` are those whose raw attempts may have aged out. */
export class QuestionProgress extends Model<
  InferAttributes<QuestionProgress>,
  InferCreationAttributes<QuestionProgress>
> {
  declare readonly userId: string;
  declare readonly questionId: string;
  declare readonly topicId: string;
  declare readonly attempts: number;
  declare readonly correct: number;
  declare readonly firstAttemptId: string;
  declare readonly firstAttemptAt: Date;
  declare readonly firstStudyDay: string;
  declare readonly firstCorrect: boolean;
  declare readonly lastAttemptId: string;
  declare readonly lastAttemptAt: Date;
  declare readonly lastStudyDay: string;
  declare readonly lastCorrect: boolean;
  declare readonly stability: CreationOptional<number | null>;
  declare readonly difficulty: CreationOptional<number | null>;
  declare readonly intervalDays: CreationOptional<number | null>;
  declare readonly dueDay: CreationOptional<string | null>;
  declare readonly easiness: CreationOptional<number | null>;
  declare readonly repetitions: CreationOptional<number | null>;
  declare readonly scheduler: CreationOptional<'fsrs-6' | 'sm2-seed' | 'sm2'>;
  declare readonly theta: CreationOptional<number>;
  declare readonly checkpointAttempts: CreationOptional<number>;
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly asOf: Date;
  declare readonly calculatedAt: CreationOptional<Date>;

  declare readonly question?: NonAttribute<Question | null>;
  declare readonly topic?: NonAttribute<Topic | null>;
}

export const questionProgressTable: TableOf<QuestionProgress> = {
  tableName: 'question_progress',
  columns: {
    userId: key(DataTypes.UUID),
    questionId: key(DataTypes.UUID),
    topicId: required(DataTypes.UUID),
    attempts: required(DataTypes.INTEGER),
    correct: required(DataTypes.INTEGER),
    firstAttemptId: required(DataTypes.UUID),
    firstAttemptAt: required(DataTypes.DATE),
    firstStudyDay: required(DataTypes.DATEONLY),
    firstCorrect: required(DataTypes.BOOLEAN),
    lastAttemptId: required(DataTypes.UUID),
    lastAttemptAt: required(DataTypes.DATE),
    lastStudyDay: required(DataTypes.DATEONLY),
    lastCorrect: required(DataTypes.BOOLEAN),
    stability: optional(DataTypes.DOUBLE),
    difficulty: optional(DataTypes.DOUBLE),
    intervalDays: optional(DataTypes.INTEGER),
    dueDay: optional(DataTypes.DATEONLY),
    easiness: optional(DataTypes.DOUBLE),
    repetitions: optional(DataTypes.INTEGER),
    scheduler: defaulted(DataTypes.TEXT),
    theta: defaulted(DataTypes.DOUBLE),
    checkpointAttempts: defaulted(DataTypes.INTEGER),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    asOf: required(DataTypes.DATE),
    calculatedAt: defaulted(DataTypes.DATE),
  },
  indexes: [{ name: 'ix_question_progress_user_due', fields: ['user_id', 'due_day'] }],
};
