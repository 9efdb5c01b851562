import type { Sequelize } from 'sequelize';
import { associate } from './associations.ts';
import { bindModel } from './bind-model.ts';
import { AccessLogEntry, accessLogEntryTable } from './access-log-entry.ts';
import { BatchChunk, batchChunkTable } from './batch-chunk.ts';
import { BatchRun, batchRunTable } from './batch-run.ts';
import { Cohort, cohortTable } from './cohort.ts';
import { CohortMember, cohortMemberTable } from './cohort-member.ts';
import { CurriculumVersion, curriculumVersionTable } from './curriculum-version.ts';
import { DailyUserStats, dailyUserStatsTable } from './daily-user-stats.ts';
import { DirtyDay, dirtyDayTable } from './dirty-day.ts';
import { ErasedLearner, erasedLearnerTable } from './erased-learner.ts';
import { KnowledgeGap, knowledgeGapTable } from './knowledge-gap.ts';
import { Learner, learnerTable } from './learner.ts';
import { LearnerCheckpoint, learnerCheckpointTable } from './learner-checkpoint.ts';
import { LearnerProgress, learnerProgressTable } from './learner-progress.ts';
import { MasteryModel, masteryModelTable } from './mastery-model.ts';
import { MasteryModelCount, masteryModelCountTable } from './mastery-model-count.ts';
import { Material, materialTable } from './material.ts';
import { MaterialInteraction, materialInteractionTable } from './material-interaction.ts';
import { NumberedAttempt, numberedAttemptTable } from './numbered-attempt.ts';
import { PeerDistribution, peerDistributionTable } from './peer-distribution.ts';
import { Question, questionTable } from './question.ts';
import { QuestionAttempt, questionAttemptTable } from './question-attempt.ts';
import { QuestionProgress, questionProgressTable } from './question-progress.ts';
import { QuestionStatistics, questionStatisticsTable } from './question-statistics.ts';
import { RejectedEvent, rejectedEventTable } from './rejected-event.ts';
import { StudyEvent, studyEventTable } from './study-event.ts';
import { StudySession, studySessionTable } from './study-session.ts';
import { Topic, topicTable } from './topic.ts';
import { TopicDailyStats, topicDailyStatsTable } from './topic-daily-stats.ts';
import { TopicMastery, topicMasteryTable } from './topic-mastery.ts';
import { TopicRelationship, topicRelationshipTable } from './topic-relationship.ts';
import { UserLearningMetrics, userLearningMetricsTable } from './user-learning-metrics.ts';
import { WeeklyUserStats, weeklyUserStatsTable } from './weekly-user-stats.ts';

/** Every model on one connection pool, by name. */
export type Models = ReturnType<typeof bindModels>;

function bindModels(sequelize: Sequelize) {
  return {
    StudyEvent: bindModel(sequelize, StudyEvent, studyEventTable),
    QuestionAttempt: bindModel(sequelize, QuestionAttempt, questionAttemptTable),
    NumberedAttempt: bindModel(sequelize, NumberedAttempt, numberedAttemptTable),
    StudySession: bindModel(sequelize, StudySession, studySessionTable),
    MaterialInteraction: bindModel(sequelize, MaterialInteraction, materialInteractionTable),
    CurriculumVersion: bindModel(sequelize, CurriculumVersion, curriculumVersionTable),
    Topic: bindModel(sequelize, Topic, topicTable),
    TopicRelationship: bindModel(sequelize, TopicRelationship, topicRelationshipTable),
    Question: bindModel(sequelize, Question, questionTable),
    Material: bindModel(sequelize, Material, materialTable),
    Learner: bindModel(sequelize, Learner, learnerTable),
    LearnerCheckpoint: bindModel(sequelize, LearnerCheckpoint, learnerCheckpointTable),
    LearnerProgress: bindModel(sequelize, LearnerProgress, learnerProgressTable),
    QuestionProgress: bindModel(sequelize, QuestionProgress, questionProgressTable),
    TopicMastery: bindModel(sequelize, TopicMastery, topicMasteryTable),
    MasteryModel: bindModel(sequelize, MasteryModel, masteryModelTable),
    MasteryModelCount: bindModel(sequelize, MasteryModelCount, masteryModelCountTable),
    DailyUserStats: bindModel(sequelize, DailyUserStats, dailyUserStatsTable),
    WeeklyUserStats: bindModel(sequelize, WeeklyUserStats, weeklyUserStatsTable),
    TopicDailyStats: bindModel(sequelize, TopicDailyStats, topicDailyStatsTable),
    UserLearningMetrics: bindModel(sequelize, UserLearningMetrics, userLearningMetricsTable),
    KnowledgeGap: bindModel(sequelize, KnowledgeGap, knowledgeGapTable),
    PeerDistribution: bindModel(sequelize, PeerDistribution, peerDistributionTable),
    QuestionStatistics: bindModel(sequelize, QuestionStatistics, questionStatisticsTable),
    BatchChunk: bindModel(sequelize, BatchChunk, batchChunkTable),
    BatchRun: bindModel(sequelize, BatchRun, batchRunTable),
    DirtyDay: bindModel(sequelize, DirtyDay, dirtyDayTable),
    RejectedEvent: bindModel(sequelize, RejectedEvent, rejectedEventTable),
    AccessLogEntry: bindModel(sequelize, AccessLogEntry, accessLogEntryTable),
    ErasedLearner: bindModel(sequelize, ErasedLearner, erasedLearnerTable),
    Cohort: bindModel(sequelize, Cohort, cohortTable),
    CohortMember: bindModel(sequelize, CohortMember, cohortMemberTable),
  } as const;
}

/**
 * Makes the models of a pool and joins them. The exported classes stay untouched: a process may define the models of
 * several pools, each set bound to its own.
 */
export function defineModels(sequelize: Sequelize): Models {
  const models = bindModels(sequelize);
  associate(models);
  return models;
}
