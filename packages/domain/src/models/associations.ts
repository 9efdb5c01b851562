// Associations for `include`. Facts and derived rows have no foreign keys, so none of these may ask for a constraint.
import type { Models } from './define-models.ts';

/** Joins the models of one pool. */
export function associate(models: Models): void {
  associateCurriculum(models);
  associateTopicRows(models);
  associateLearner(models);
  const { MasteryModel, MasteryModelCount, Cohort, CohortMember } = models;
  MasteryModel.hasMany(MasteryModelCount, { as: 'counts', foreignKey: 'version', constraints: false });
  Cohort.hasMany(CohortMember, { as: 'members', foreignKey: 'cohortId', constraints: false });
  CohortMember.belongsTo(Cohort, { as: 'cohort', foreignKey: 'cohortId', constraints: false });
}

function associateCurriculum({ Topic, TopicRelationship, Question, Material }: Models): void {
  Topic.belongsTo(Topic, { as: 'parent', foreignKey: 'parentId', constraints: false });
  Topic.hasMany(Topic, { as: 'children', foreignKey: 'parentId', constraints: false });
  Topic.hasMany(Question, { as: 'questions', foreignKey: 'topicId', constraints: false });
  Topic.hasMany(Material, { as: 'materials', foreignKey: 'topicId', constraints: false });
  Topic.hasMany(TopicRelationship, { as: 'outgoing', foreignKey: 'sourceTopicId', constraints: false });
  Topic.hasMany(TopicRelationship, { as: 'incoming', foreignKey: 'targetTopicId', constraints: false });
  TopicRelationship.belongsTo(Topic, { as: 'source', foreignKey: 'sourceTopicId', constraints: false });
  TopicRelationship.belongsTo(Topic, { as: 'target', foreignKey: 'targetTopicId', constraints: false });
}

function associateTopicRows(models: Models): void {
  const { Topic, Question, Material, QuestionAttempt, QuestionProgress, MaterialInteraction } = models;
  const { TopicMastery, TopicDailyStats, KnowledgeGap } = models;
  const ofTopic = { as: 'topic', foreignKey: 'topicId', constraints: false } as const;
  const ofQuestion = { as: 'question', foreignKey: 'questionId', constraints: false } as const;
  Question.belongsTo(Topic, ofTopic);
  Material.belongsTo(Topic, ofTopic);
  QuestionAttempt.belongsTo(Topic, ofTopic);
  QuestionAttempt.belongsTo(Question, ofQuestion);
  QuestionProgress.belongsTo(Topic, ofTopic);
  QuestionProgress.belongsTo(Question, ofQuestion);
  MaterialInteraction.belongsTo(Topic, ofTopic);
  MaterialInteraction.belongsTo(Material, { as: 'material', foreignKey: 'materialId', constraints: false });
  TopicMastery.belongsTo(Topic, ofTopic);
  TopicDailyStats.belongsTo(Topic, ofTopic);
  KnowledgeGap.belongsTo(Topic, ofTopic);
}

function associateLearner(models: Models): void {
  const { Learner, LearnerProgress, UserLearningMetrics } = models;
  const { StudySession, TopicMastery, QuestionProgress, DailyUserStats, WeeklyUserStats, KnowledgeGap } = models;
  const ofLearner = { foreignKey: 'userId', constraints: false } as const;
  Learner.hasOne(LearnerProgress, { as: 'progress', ...ofLearner });
  Learner.hasOne(UserLearningMetrics, { as: 'metrics', ...ofLearner });
  Learner.hasMany(StudySession, { as: 'sessions', ...ofLearner });
  Learner.hasMany(TopicMastery, { as: 'topicMastery', ...ofLearner });
  Learner.hasMany(QuestionProgress, { as: 'questionProgress', ...ofLearner });
  Learner.hasMany(DailyUserStats, { as: 'dailyStats', ...ofLearner });
  Learner.hasMany(WeeklyUserStats, { as: 'weeklyStats', ...ofLearner });
  Learner.hasMany(KnowledgeGap, { as: 'gaps', ...ofLearner });
}
