import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, key, optional } from './columns.ts';
import type { TableOf } from './columns.ts';

/** How far a nightly step has come. */
export class BatchRun extends Model<InferAttributes<BatchRun>, InferCreationAttributes<BatchRun>> {
  declare readonly step: string;
  declare readonly watermark: CreationOptional<string | null>;
  declare readonly startedAt: CreationOptional<Date | null>;
  declare readonly finishedAt: CreationOptional<Date | null>;
  declare readonly rowsWritten: CreationOptional<string>;
}

export const batchRunTable: TableOf<BatchRun> = {
  tableName: 'batch_runs',
  columns: {
    step: key(DataTypes.TEXT),
    watermark: optional(DataTypes.DATEONLY),
    startedAt: optional(DataTypes.DATE),
    finishedAt: optional(DataTypes.DATE),
    rowsWritten: defaulted(DataTypes.BIGINT),
  },
};
