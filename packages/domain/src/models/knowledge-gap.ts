import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional, required } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { Topic } from './topic.ts';

type ImportanceTerm = { readonly code: string; readonly contribution: number };
type PriorityTerm = ImportanceTerm & { readonly value: number; readonly factor: number };

/** A topic that a learner should turn to, with its rank and the terms that make it up. */
export class KnowledgeGap extends Model<InferAttributes<KnowledgeGap>, InferCreationAttributes<KnowledgeGap>> {
  declare readonly userId: string;
  declare readonly topicId: string;
  declare readonly severity: 'critical' | 'high' | 'medium' | 'low';
  declare readonly gapScore: number;
  declare readonly priorityScore: number;
  declare readonly priorityTerms: CreationOptional<readonly PriorityTerm[]>;
  declare readonly importanceTerms: CreationOptional<readonly ImportanceTerm[]>;
  declare readonly attempts: CreationOptional<number>;
  declare readonly accuracy: CreationOptional<number | null>;
  declare readonly recentFailureRate: CreationOptional<number | null>;
  declare readonly untriedShare: CreationOptional<number>;
  declare readonly examWeight: number;
  declare readonly blocksCount: CreationOptional<number>;
  declare readonly isReady: CreationOptional<boolean>;
  declare readonly blockedBy: CreationOptional<readonly string[]>;
  declare readonly path: CreationOptional<readonly string[]>;
  declare readonly estimatedHours: CreationOptional<number | null>;
  declare readonly recommendedMaterials: CreationOptional<readonly string[]>;
  declare readonly reasons: CreationOptional<readonly { readonly code: string; readonly text: string }[]>;
  declare readonly identifiedOn: string;
  declare readonly resolvedOn: CreationOptional<string | null>;
  declare readonly calculationVersion: CreationOptional<number>;
  declare readonly asOf: Date;
  declare readonly contentHash: CreationOptional<string | null>;
  declare readonly calculatedAt: CreationOptional<Date>;

  declare readonly topic?: NonAttribute<Topic | null>;
}

export const knowledgeGapTable: TableOf<KnowledgeGap> = {
  tableName: 'knowledge_gaps',
  columns: {
    userId: key(DataTypes.UUID),
    topicId: key(DataTypes.UUID),
    severity: required(DataTypes.TEXT),
    gapScore: required(DataTypes.DOUBLE),
    priorityScore: required(DataTypes.DOUBLE),
    priorityTerms: defaulted(DataTypes.JSONB),
    importanceTerms: defaulted(DataTypes.JSONB),
    attempts: defaulted(DataTypes.INTEGER),
    accuracy: optional(DataTypes.DOUBLE),
    recentFailureRate: optional(DataTypes.DOUBLE),
    untriedShare: defaulted(DataTypes.DOUBLE),
    examWeight: required(DataTypes.DOUBLE),
    blocksCount: defaulted(DataTypes.INTEGER),
    isReady: defaulted(DataTypes.BOOLEAN),
    blockedBy: defaulted(DataTypes.JSONB),
    path: defaulted(DataTypes.JSONB),
    estimatedHours: optional(DataTypes.DOUBLE),
    recommendedMaterials: defaulted(DataTypes.JSONB),
    reasons: defaulted(DataTypes.JSONB),
    identifiedOn: required(DataTypes.DATEONLY),
    resolvedOn: optional(DataTypes.DATEONLY),
    calculationVersion: defaulted(DataTypes.SMALLINT),
    asOf: required(DataTypes.DATE),
    contentHash: optional(DataTypes.UUID),
    calculatedAt: defaulted(DataTypes.DATE),
  },
  indexes: [{ name: 'ix_knowledge_gaps_user_priority', fields: ['user_id', 'priority_score'] }],
};
