export {
  ANSWER_QUALITY_VERSION,
  answerQuality,
  reviewRating,
  type AnswerQuality,
  type RatedAnswer,
  type ReviewRating,
} from './answer-quality.ts';
export {
  countAnswers,
  startWalk,
  type AbilityWalk,
  type AnswerCounts,
  type ModelAnswer,
  type WalkOptions,
} from './answer-walk.ts';
export { asOfDay, asOfMs, midnightAfterMs } from './as-of.ts';
export { auc, logLoss, type Prediction } from './auc.ts';
export { expectedCalibrationError, reliabilityOf, type ReliabilityBin } from './calibration.ts';
export { compareCanonical, type Place } from './canonical-order.ts';
export {
  countBlocked,
  findCycle,
  placeTopics,
  type OutlineNode,
  type TopicEdge,
  type TopicPlace,
} from './curriculum-graph.ts';
export { computeDailyStats, type DailyStats, type DayAttempt, type DayEvent, type DayFacts } from './daily-stats.ts';
export { evaluateMastery, type EvaluatedAnswer, type Evaluation, type Forecasts } from './evaluate-mastery.ts';
export {
  explainMasteryV2,
  masteryChanges,
  scoreOfTerms,
  type MasteryChange,
  type MasteryV2Term,
} from './explain-mastery-v2.ts';
export {
  FIRST_FIT,
  fitMasteryModel,
  FITTED_ANSWERS,
  lastFifthFrom,
  type FitInput,
  type FittedModel,
  type ModelQuality,
} from './fit-mastery-model.ts';
export {
  emptyLearnerState,
  foldAnswers,
  materialProgressAt,
  mergeTopicDays,
  plainRules,
  predictAnswers,
  type Answer,
  type AnswerPrediction,
  type FoldedAnswers,
  type FoldRules,
  type LearnerState,
  type MaterialsByTopic,
  type QuestionState,
  type TopicDayMastery,
  type TopicMaterials,
} from './fold-answers.ts';
export {
  computeForgettingCurve,
  expectedRecall,
  type CurveAnswer,
  type ForgettingCurve,
  type ForgettingSpan,
  type RecallPoint,
  type ReviewCounts,
} from './forgetting-curve.ts';
export {
  explainGapTerms,
  explainImportance,
  explainMasteryV1,
  type GapTermText,
  type ImportanceTermText,
  type MasteryTerm,
} from './explanations.ts';
export {
  DESIRED_RETENTION,
  fsrsIntervalDays,
  fsrsRetrievability,
  MAX_INTERVAL_DAYS,
  nextMemoryState,
  type MemoryState,
} from './fsrs-6.ts';
export {
  gapPeriod,
  isGapScore,
  isRecentlyResolved,
  type GapHistory,
  type GapPeriod,
  type GapPoint,
} from './gap-period.ts';
export {
  DEFAULT_GAP_VERSION,
  explainGap,
  type GapExplanation,
  type GapFacts,
  type GapTerm,
  type GapVersion,
  type ImportanceTerm,
} from './gap-priority.ts';
export { gapPath, type Prerequisites } from './gap-path.ts';
export { type GapReason, type GapReasonCode } from './gap-reasons.ts';
export {
  computePatterns,
  type Consistency,
  type HabitReading,
  type KindColumns,
  type LateChange,
  type LearningPatterns,
  type MinuteColumns,
  type PatternFacts,
  type PatternMissing,
  type WeekColumns,
} from './learning-patterns.ts';
export { gapCurriculum, gapInputOf, type GapCurriculum, type GapOutline } from './gap-topics.ts';
export { isoWeekOf, mondayOf, mondayOnOrBefore, type IsoWeek } from './iso-week.ts';
export {
  computeKnowledgeGaps,
  computeResolvedGaps,
  gapSeverity,
  type GapInput,
  type GapProgress,
  type GapSeverity,
  type GapTopic,
  type KnowledgeGap,
} from './knowledge-gaps.ts';
export {
  RECENT_ATTEMPTS,
  RECENT_DAYS,
  recentFailures,
  recentFailuresByTopic,
  type RecentAttempt,
  type RecentFailures,
} from './recent-failures.ts';
export {
  computeLearningMetrics,
  moveLearningMetrics,
  type LearningMetrics,
  type MetricsFacts,
  type StoredOverview,
  type TopicScore,
  type WindowMetrics,
  METRICS_VERSION,
} from './learning-metrics.ts';
export { fitLogistic, type FitOptions, type Sample } from './logistic-regression.ts';
export {
  difficultyOf,
  eloModel,
  logOdds,
  probabilityOf,
  questionSigns,
  questionTerms,
  topicSigns,
  topicTerms,
  type Coefficients,
  type Counts,
  type Difficulty,
  type MasteryModel,
  type Sign,
  type TopicTermCode,
} from './mastery-model.ts';
export { masteryMovers, type MasteryMover, type MoversOptions } from './mastery-movers.ts';
export { masteryTrend, type MasteryTrend } from './mastery-trend.ts';
export {
  emptyTopicState,
  evidenceOf,
  foldAnswer,
  isMastered,
  MASTERED_SCORE,
  masteryV1,
  masteryV1Terms,
  masteryV1Weights,
  retentionOf,
  retrievalStrength,
  type Evidence,
  type MasteryTerms,
  type MaterialProgress,
  type TopicAnswer,
  type TopicState,
} from './mastery-v1.ts';
export {
  chanceOfRight,
  confidenceOf,
  masteryV2,
  masteryV2Terms,
  moveAbility,
  newLearner,
  newTopic,
  questionFeatures,
  topicFeatures,
  type LearnerAbility,
  type MovedAbility,
  type QuestionAbility,
  type Standing,
  type TopicAbility,
} from './mastery-v2.ts';
export { daysToRollUp } from './nightly-days.ts';
export {
  computeReadiness,
  type ExamTopic,
  type Readiness,
  type ReadinessInput,
  type ReadinessLack,
  type SystemReadiness,
} from './readiness.ts';
export { examTopics } from './exam-topics.ts';
export {
  elapsedStudyDays,
  foldReviews,
  retrievabilityOn,
  type ReviewAnswer,
  type ReviewState,
  type Scheduler,
} from './review-schedule.ts';
export { sampleLearners } from './sample-learners.ts';
export {
  placeAmongPeers,
  publishPeers,
  type PeerDistribution,
  type PeerPlace,
  type PeerUnit,
  type PublishedPeers,
} from './peer-comparison.ts';
export {
  differenceInterval,
  groupedShare,
  studentQuantile,
  wilsonInterval,
  type AnswerGroup,
  type GroupedShare,
} from './proportion-interval.ts';
export { quartilesOf, type Quartiles } from './quartiles.ts';
export {
  sessionSpans,
  unionMs,
  type Interval,
  type OpenedInterval,
  type SessionEvent,
  type SessionSpans,
} from './session-intervals.ts';
export { nextSm2SeedInterval } from './sm2-seed.ts';
export { nextSm2State, type Sm2State } from './sm2.ts';
export { computeStreaks, isStreakDay, type DayActivity, type Streaks } from './streaks.ts';
export {
  computeEfficiency,
  type BestHour,
  type EfficiencyFacts,
  type EfficiencyMissing,
  type HourColumns,
  type StudyEfficiency,
} from './study-efficiency.ts';
export { type HabitAnswer, type HabitDay, type HabitSession } from './study-habits.ts';
export {
  addDays,
  createStudyDayCalculator,
  createWallClockReader,
  daysBetween,
  isStudyDay,
  isTimezone,
  utcDayOf,
  utcRangeOfStudyDay,
  type StudyDayCalculator,
} from './study-day.ts';
export { timeToMastery, type MasteryPoint, type TimeToMastery } from './time-to-mastery.ts';
export { calculationVersionOf, scoreTopic, topicStanding, type TopicAt, type TopicScores } from './topic-score.ts';
export { computeTopicDay, type TopicDayFacts, type TopicDayStats } from './topic-daily-stats.ts';
export {
  computeWeeklyStats,
  type SummedDay,
  type TopicDayChange,
  type WeekFacts,
  type WeeklyStats,
} from './weekly-stats.ts';
