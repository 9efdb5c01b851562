import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** One event as it was accepted: append only, partitioned by month. Every other row can be rebuilt from these. */
export class StudyEvent extends Model<InferAttributes<StudyEvent>, InferCreationAttributes<StudyEvent>> {
  declare readonly userId: string;
  declare readonly createdAt: Date;
  declare readonly id: string;
  declare readonly receivedAt: Date;
  declare readonly studyDay: string;
  declare readonly timezone: CreationOptional<string | null>;
  declare readonly sessionId: string;
  declare readonly eventType: string;
  declare readonly materialId: CreationOptional<string | null>;
  declare readonly chunkId: CreationOptional<string | null>;
  declare readonly questionId: CreationOptional<string | null>;
  declare readonly topicId: CreationOptional<string | null>;
  declare readonly properties: CreationOptional<Readonly<Record<string, unknown>>>;
  declare readonly clientIp: CreationOptional<string | null>;
  declare readonly deviceType: CreationOptional<string | null>;
  declare readonly schemaVersion: CreationOptional<number>;
}

export const studyEventTable: TableOf<StudyEvent> = {
  tableName: 'study_events',
  columns: {
    userId: key(DataTypes.UUID),
    createdAt: key(DataTypes.DATE),
    id: key(DataTypes.UUID),
    receivedAt: required(DataTypes.DATE),
    studyDay: required(DataTypes.DATEONLY),
    timezone: optional(DataTypes.TEXT),
    sessionId: required(DataTypes.UUID),
    eventType: required(DataTypes.TEXT),
    materialId: optional(DataTypes.UUID),
    chunkId: optional(DataTypes.UUID),
    questionId: optional(DataTypes.UUID),
    topicId: optional(DataTypes.UUID),
    properties: defaulted(DataTypes.JSONB),
    clientIp: optional(DataTypes.INET),
    deviceType: optional(DataTypes.TEXT),
    schemaVersion: defaulted(DataTypes.SMALLINT),
  },
};
