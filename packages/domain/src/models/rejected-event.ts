import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, defaultedKey, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** The quarantine: refused items; whole only where a later curriculum can make them acceptable. */
export class RejectedEvent extends Model<InferAttributes<RejectedEvent>, InferCreationAttributes<RejectedEvent>> {
  declare readonly id: CreationOptional<string>;
  declare readonly userId: CreationOptional<string | null>;
  declare readonly eventId: CreationOptional<string | null>;
  declare readonly eventType: CreationOptional<string | null>;
  declare readonly reason: 'invalid' | 'invalid_text' | 'pii' | 'too_old' | 'unknown_topic' | 'unknown_material';
  declare readonly path: CreationOptional<string | null>;
  declare readonly item: CreationOptional<Readonly<Record<string, unknown>> | null>;
  declare readonly receivedAt: CreationOptional<Date>;
}

export const rejectedEventTable: TableOf<RejectedEvent> = {
  tableName: 'rejected_events',
  columns: {
    id: defaultedKey(DataTypes.UUID),
    userId: optional(DataTypes.UUID),
    eventId: optional(DataTypes.UUID),
    eventType: optional(DataTypes.TEXT),
    reason: required(DataTypes.TEXT),
    path: optional(DataTypes.TEXT),
    item: optional(DataTypes.JSONB),
    receivedAt: defaulted(DataTypes.DATE),
  },
  indexes: [
    { name: 'ix_rejected_events_received', fields: ['received_at'] },
    { name: 'ix_rejected_events_user_event', unique: true, fields: ['user_id', 'event_id', 'reason'] },
    { name: 'ix_rejected_events_user_received', fields: ['user_id', 'received_at'] },
  ],
};
