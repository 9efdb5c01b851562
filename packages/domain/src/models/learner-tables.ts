import { cohortMemberTable } from './cohort-member.ts';
import { writtenColumnsOf } from './columns.ts';
import { dailyUserStatsTable } from './daily-user-stats.ts';
import { dirtyDayTable } from './dirty-day.ts';
import { knowledgeGapTable } from './knowledge-gap.ts';
import { learnerCheckpointTable } from './learner-checkpoint.ts';
import { learnerProgressTable } from './learner-progress.ts';
import { learnerTable } from './learner.ts';
import { materialInteractionTable } from './material-interaction.ts';
import { questionAttemptTable } from './question-attempt.ts';
import { questionProgressTable } from './question-progress.ts';
import { rejectedEventTable } from './rejected-event.ts';
import { studyEventTable } from './study-event.ts';
import { studySessionTable } from './study-session.ts';
import { topicDailyStatsTable } from './topic-daily-stats.ts';
import { topicMasteryTable } from './topic-mastery.ts';
import { userLearningMetricsTable } from './user-learning-metrics.ts';
import { weeklyUserStatsTable } from './weekly-user-stats.ts';

export type LearnerTable = {
  readonly name: string;
  /** As the database names them; without what it computes itself. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
};

/** Every table whose rows belong to one learner, by `user_id`; the learner's own row first. */
export const learnerTables: readonly LearnerTable[] = [
  learnerTable,
  learnerCheckpointTable,
  studyEventTable,
  questionAttemptTable,
  studySessionTable,
  materialInteractionTable,
  dirtyDayTable,
  rejectedEventTable,
  learnerProgressTable,
  questionProgressTable,
  topicMasteryTable,
  dailyUserStatsTable,
  weeklyUserStatsTable,
  topicDailyStatsTable,
  userLearningMetricsTable,
  knowledgeGapTable,
  cohortMemberTable,
].map((table) => ({ name: table.tableName, ...writtenColumnsOf(table) }));
