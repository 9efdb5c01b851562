export { databaseClock } from '../app.ts';
export type { App, Clock, Keys, Log } from '../app.ts';
export { listArchives, restoreArchive } from './archives.ts';
export type { ArchivedMonth, RestoredMonth } from './archives.ts';
export { checkHealth } from './check-health.ts';
export type { HealthCheck, HealthOptions } from './check-health.ts';
export { createApp } from './create-app.ts';
export { curriculumInput } from './curriculum-input.ts';
export type { CurriculumInput } from './curriculum-input.ts';
export { defaultCurriculum, importDefaultCurriculum } from './default-curriculum.ts';
export { ensurePartitions } from './ensure-partitions.ts';
export { findAttemptNumber } from './find-attempt-number.ts';
export { findMissingMigrations } from './find-missing-migrations.ts';
export { findStoredSessionId } from './find-stored-session-id.ts';
export { findWatermark } from './find-watermark.ts';
export { getDashboard } from './get-dashboard.ts';
export { getFirstAttemptAccuracy } from './get-first-attempt-accuracy.ts';
export { getHeatmap } from './get-heatmap.ts';
export { getMaterialProgress } from './get-material-progress.ts';
export { getOverview } from './get-overview.ts';
export { getQuestionHistory } from './get-question-history.ts';
export { getSettings } from './get-settings.ts';
export { getTopicTrend } from './get-topic-trend.ts';
export { hasSharedCohort } from './has-shared-cohort.ts';
export { importCurriculum } from './import-curriculum.ts';
export type { CurriculumImport } from './import-curriculum.ts';
export { listGaps } from './list-gaps.ts';
export { listMastery } from './list-mastery.ts';
export { listSessions } from './list-sessions.ts';
export { getTopic, listTopics } from './list-topics.ts';
export type { TopicDetail, TopicRecord } from '../stores/topic-store.ts';
export { recordAccess } from './record-access.ts';
export { recordEvents } from './record-events.ts';
export type { ItemResult, Origin, RecordItem, RecordOutcome } from './record-events.ts';
export { runRetention } from './run-retention.ts';
export type { RetentionOptions, RetentionReport, RetentionStep } from './run-retention.ts';
export {
  trackEvent,
  trackMaterialInteraction,
  trackQuestionAttempt,
  trackSessionEnd,
  trackSessionStart,
} from './trackers.ts';
export { updateLearner } from './update-learner.ts';
export type { UpdateOutcome } from './update-learner.ts';
export { updateSettings } from './update-settings.ts';
export { verify } from './verify.ts';
export type { Checked, Verification, VerifyOptions } from './verify.ts';
export type { InvariantReport } from './verify/findings.ts';
