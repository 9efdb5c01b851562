import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes } from 'sequelize';
import { defaulted, defaultedKey, key, required } from './columns.ts';
import type { TableOf } from './columns.ts';

/** The 101 quantiles of a metric over at least 20 learners. */
export class PeerDistribution extends Model<
  InferAttributes<PeerDistribution>,
  InferCreationAttributes<PeerDistribution>
> {
  declare readonly metric: string;
  declare readonly topicId: CreationOptional<string>;
  declare readonly asOf: string;
  declare readonly learners: number;
  declare readonly quantiles: readonly number[];
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly calculatedAt: CreationOptional<Date>;
}

export const peerDistributionTable: TableOf<PeerDistribution> = {
  tableName: 'peer_distributions',
  columns: {
    metric: key(DataTypes.TEXT),
    topicId: defaultedKey(DataTypes.UUID),
    asOf: key(DataTypes.DATEONLY),
    learners: required(DataTypes.INTEGER),
    quantiles: required(DataTypes.ARRAY(DataTypes.DOUBLE)),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    calculatedAt: defaulted(DataTypes.DATE),
  },
};
