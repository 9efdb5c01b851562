import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** One session of one learner, grown by each of its events. `id` is the stored form of the session id. */
export class StudySession extends Model<InferAttributes<StudySession>, InferCreationAttributes<StudySession>> {
  declare readonly userId: string;
  declare readonly id: string;
  declare readonly startedAt: Date;
  declare readonly endedAt: CreationOptional<Date | null>;
  declare readonly lastEventAt: Date;
  declare readonly durationSeconds: CreationOptional<number>;
  declare readonly activeSeconds: CreationOptional<number>;
  declare readonly pauseCount: CreationOptional<number>;
  declare readonly materialsViewed: CreationOptional<number>;
  declare readonly materialsCompleted: CreationOptional<number>;
  declare readonly chunksRead: CreationOptional<number>;
  declare readonly questionsAttempted: CreationOptional<number>;
  declare readonly questionsCorrect: CreationOptional<number>;
  declare readonly aiInteractions: CreationOptional<number>;
  declare readonly xpEarned: CreationOptional<string>;
  declare readonly achievementsUnlocked: CreationOptional<number>;
  declare readonly deviceType: CreationOptional<string | null>;
  declare readonly timezone: CreationOptional<string | null>;
  declare readonly isActive: CreationOptional<boolean>;
  declare readonly topicsStudied: CreationOptional<readonly string[]>;
  declare readonly studyDay: CreationOptional<string | null>;
}

export const studySessionTable: TableOf<StudySession> = {
  tableName: 'study_sessions',
  columns: {
    userId: key(DataTypes.UUID),
    id: key(DataTypes.UUID),
    startedAt: required(DataTypes.DATE),
    endedAt: optional(DataTypes.DATE),
    lastEventAt: required(DataTypes.DATE),
    durationSeconds: defaulted(DataTypes.INTEGER),
    activeSeconds: defaulted(DataTypes.INTEGER),
    pauseCount: defaulted(DataTypes.INTEGER),
    materialsViewed: defaulted(DataTypes.INTEGER),
    materialsCompleted: defaulted(DataTypes.INTEGER),
    chunksRead: defaulted(DataTypes.INTEGER),
    questionsAttempted: defaulted(DataTypes.INTEGER),
    questionsCorrect: defaulted(DataTypes.INTEGER),
    aiInteractions: defaulted(DataTypes.INTEGER),
    xpEarned: defaulted(DataTypes.BIGINT),
    achievementsUnlocked: defaulted(DataTypes.INTEGER),
    deviceType: optional(DataTypes.TEXT),
    timezone: optional(DataTypes.TEXT),
    isActive: defaulted(DataTypes.BOOLEAN),
    topicsStudied: defaulted(DataTypes.JSONB),
    studyDay: optional(DataTypes.DATEONLY),
  },
  indexes: [{ name: 'ix_study_sessions_user_started', fields: ['user_id', 'started_at'] }],
};
