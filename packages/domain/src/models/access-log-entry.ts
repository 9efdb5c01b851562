import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, defaultedKey, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** Who read or changed whose data, and why. The subject is an HMAC of the learner's id. */
export class AccessLogEntry extends Model<InferAttributes<AccessLogEntry>, InferCreationAttributes<AccessLogEntry>> {
  declare readonly id: CreationOptional<string>;
  declare readonly at: CreationOptional<Date>;
  declare readonly actorId: string;
  declare readonly actorRole: string;
  declare readonly subject: Buffer;
  declare readonly action: string;
  declare readonly reason: CreationOptional<string | null>;
  declare readonly requestId: CreationOptional<string | null>;
}

export const accessLogEntryTable: TableOf<AccessLogEntry> = {
  tableName: 'access_log',
  columns: {
    id: defaultedKey(DataTypes.UUID),
    at: defaulted(DataTypes.DATE),
    actorId: required(DataTypes.UUID),
    actorRole: required(DataTypes.TEXT),
    subject: required(DataTypes.BLOB),
    action: required(DataTypes.TEXT),
    reason: optional(DataTypes.TEXT),
    requestId: optional(DataTypes.TEXT),
  },
  indexes: [
    { name: 'ix_access_log_at', fields: ['at'] },
    { name: 'ix_access_log_subject_at', fields: ['subject', 'at'] },
  ],
};
