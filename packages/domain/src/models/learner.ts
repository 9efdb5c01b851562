import { DataTypes, Model } from 'sequelize';
import type { CreationOptional, InferAttributes, InferCreationAttributes, NonAttribute } from 'sequelize';
import { defaulted, key, optional } from './columns.ts';
import type { TableOf } from './columns.ts';
import type { DailyUserStats } from './daily-user-stats.ts';
import type { KnowledgeGap } from './knowledge-gap.ts';
import type { LearnerProgress } from './learner-progress.ts';
import type { QuestionProgress } from './question-progress.ts';
import type { StudySession } from './study-session.ts';
import type { TopicMastery } from './topic-mastery.ts';
import type { UserLearningMetrics } from './user-learning-metrics.ts';
import type { WeeklyUserStats } from './weekly-user-stats.ts';

/** A learner's settings and the lock of everything that is theirs. Nothing here names a person. */
export class Learner extends Model<InferAttributes<Learner>, InferCreationAttributes<Learner>> {
  declare readonly userId: string;
  declare readonly watermark: CreationOptional<string>;
  declare readonly answers: CreationOptional<string>;
  declare readonly timezone: CreationOptional<string>;
  declare readonly rolloverHour: CreationOptional<number>;
  declare readonly dailyGoalMinutes: CreationOptional<number>;
  declare readonly examDate: CreationOptional<string | null>;
  declare readonly createdAt: CreationOptional<Date>;
  declare readonly lastSeenAt: CreationOptional<Date>;
  declare readonly firstAnswerAt: CreationOptional<Date | null>;

  declare readonly progress?: NonAttribute<LearnerProgress | null>;
  declare readonly metrics?: NonAttribute<UserLearningMetrics | null>;
  declare readonly sessions?: NonAttribute<readonly StudySession[]>;
  declare readonly topicMastery?: NonAttribute<readonly TopicMastery[]>;
  declare readonly questionProgress?: NonAttribute<readonly QuestionProgress[]>;
  declare readonly dailyStats?: NonAttribute<readonly DailyUserStats[]>;
  declare readonly weeklyStats?: NonAttribute<readonly WeeklyUserStats[]>;
  declare readonly gaps?: NonAttribute<readonly KnowledgeGap[]>;
}

export const learnerTable: TableOf<Learner> = {
  tableName: 'learners',
  columns: {
    userId: key(DataTypes.UUID),
    watermark: defaulted(DataTypes.BIGINT),
    answers: defaulted(DataTypes.BIGINT),
    timezone: defaulted(DataTypes.TEXT),
    rolloverHour: defaulted(DataTypes.SMALLINT),
    dailyGoalMinutes: defaulted(DataTypes.SMALLINT),
    examDate: optional(DataTypes.DATEONLY),
    createdAt: defaulted(DataTypes.DATE),
    lastSeenAt: defaulted(DataTypes.DATE),
    firstAnswerAt: optional(DataTypes.DATE),
  },
};
