import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional } from './columns.ts';
import type { TableOf } from './columns.ts';

/** A part of a nightly step that is planned, and whether it is done. */
export class BatchChunk extends Model<InferAttributes<BatchChunk>, InferCreationAttributes<BatchChunk>> {
  declare readonly step: string;
  declare readonly day: string;
  declare readonly fromUserId: string;
  declare readonly toUserId: CreationOptional<string | null>;
  declare readonly finishedAt: CreationOptional<Date | null>;
  declare readonly rowsWritten: CreationOptional<string>;
}

export const batchChunkTable: TableOf<BatchChunk> = {
  tableName: 'batch_chunks',
  columns: {
    step: key(DataTypes.TEXT),
    day: key(DataTypes.DATEONLY),
    fromUserId: key(DataTypes.UUID),
    toUserId: optional(DataTypes.UUID),
    finishedAt: optional(DataTypes.DATE),
    rowsWritten: defaulted(DataTypes.BIGINT),
  },
};
