import { DataTypes, Model } from 'sequelize';
import type { InferAttributes, InferCreationAttributes } from 'sequelize';
import { key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** The view of attempts with their number, first attempt and gap: never stored, since a late answer would renumber. */
export class NumberedAttempt extends Model<InferAttributes<NumberedAttempt>, InferCreationAttributes<NumberedAttempt>> {
  declare readonly userId: string;
  declare readonly attemptedAt: Date;
  declare readonly id: string;
  declare readonly sessionId: string;
  declare readonly questionId: string;
  declare readonly topicId: string;
  declare readonly receivedAt: Date;
  declare readonly studyDay: string;
  declare readonly selectedAnswer: string;
  declare readonly correctAnswer: string | null;
  declare readonly isCorrect: boolean;
  declare readonly gradedBy: 'key' | 'client';
  declare readonly questionVersion: number | null;
  declare readonly timeToAnswerSeconds: number;
  declare readonly confidenceLevel: number | null;
  declare readonly hintUsed: boolean;
  declare readonly explanationViewed: boolean;
  declare readonly attemptNumber: string;
  declare readonly isFirstAttempt: boolean;
  declare readonly daysSinceLastAttempt: number | null;
}

export const numberedAttemptTable: TableOf<NumberedAttempt> = {
  tableName: 'question_attempts_numbered',
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
    hintUsed: required(DataTypes.BOOLEAN),
    explanationViewed: required(DataTypes.BOOLEAN),
    attemptNumber: required(DataTypes.BIGINT),
    isFirstAttempt: required(DataTypes.BOOLEAN),
    daysSinceLastAttempt: optional(DataTypes.INTEGER),
  },
};
