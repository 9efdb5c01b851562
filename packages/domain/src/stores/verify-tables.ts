// The rows that follow from facts: which columns of which tables a verification compares, and how.

/**
 * What a column may hold, and how it is compared. `share`: in [0, 1]; `amount`: any number from 0; both to 1e-9. `count`: whole,
 * from 0; `change`: whole; `time`: epoch milliseconds; these exactly.
 */
export type ColumnKind = 'id' | 'text' | 'flag' | 'day' | 'time' | 'count' | 'share' | 'amount' | 'change' | 'list';

export type RowValue = string | number | boolean | null | readonly string[];
/** One row by column name. */
export type Row = Readonly<Record<string, RowValue>>;

export type VerifiedTable = {
  /** Written with the event, or by the worker afterwards. */
  readonly invariant: 'session_counters' | 'derived';
  readonly table: string;
  /** Beside `user_id`. */
  readonly key: Readonly<Record<string, ColumnKind>>;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** Columns of which the first is never more than the second. */
  readonly parts: readonly (readonly [part: string, whole: string])[];
};

const windowColumns = (window: string): Record<string, ColumnKind> => ({
  [`active_seconds_${window}`]: 'count',
  [`sessions_${window}`]: 'count',
  [`active_days_${window}`]: 'count',
  [`questions_${window}`]: 'count',
  [`correct_${window}`]: 'count',
  [`accuracy_${window}`]: 'share',
  [`xp_${window}`]: 'count',
  [`topics_${window}`]: 'count',
});

const version = { calculation_version: 'count' } as const;

export const verifiedTables = {
  sessionCounters: {
    invariant: 'session_counters',
    table: 'study_sessions',
    key: { id: 'id' },
    columns: {
      started_at: 'time',
      last_event_at: 'time',
      pause_count: 'count',
      materials_viewed: 'count',
      materials_completed: 'count',
      chunks_read: 'count',
      questions_attempted: 'count',
      questions_correct: 'count',
      ai_interactions: 'count',
      xp_earned: 'count',
      achievements_unlocked: 'count',
    },
    parts: [['questions_correct', 'questions_attempted']],
  },
  interactions: {
    invariant: 'session_counters',
    table: 'material_interactions',
    key: { session_id: 'id', material_id: 'id', chunk_id: 'id' },
    columns: {
      topic_id: 'id',
      started_at: 'time',
      ended_at: 'time',
      duration_seconds: 'amount',
      scroll_depth_percent: 'amount',
      is_complete: 'flag',
      completed_at: 'time',
      open_count: 'count',
      revisit_count: 'count',
      highlights_count: 'count',
      notes_count: 'count',
      bookmarked: 'flag',
    },
    parts: [['revisit_count', 'open_count']],
  },
  sessionTimes: {
    invariant: 'derived',
    table: 'study_sessions',
    key: { id: 'id' },
    columns: {
      ended_at: 'time',
      duration_seconds: 'count',
      active_seconds: 'count',
      is_active: 'flag',
      device_type: 'text',
      timezone: 'text',
      topics_studied: 'list',
      study_day: 'day',
    },
    parts: [['active_seconds', 'duration_seconds']],
  },
  questionProgress: {
    invariant: 'derived',
    table: 'question_progress',
    key: { question_id: 'id' },
    columns: {
      topic_id: 'id',
      attempts: 'count',
      correct: 'count',
      first_attempt_id: 'id',
      first_attempt_at: 'time',
      first_study_day: 'day',
      first_correct: 'flag',
      last_attempt_id: 'id',
      last_attempt_at: 'time',
      last_study_day: 'day',
      last_correct: 'flag',
      stability: 'amount',
      difficulty: 'amount',
      interval_days: 'count',
      due_day: 'day',
      easiness: 'amount',
      repetitions: 'count',
      scheduler: 'text',
      checkpoint_attempts: 'count',
      ...version,
      as_of: 'time',
    },
    parts: [
      ['correct', 'attempts'],
      ['checkpoint_attempts', 'attempts'],
    ],
  },
  topicMastery: {
    invariant: 'derived',
    table: 'topic_mastery',
    key: { topic_id: 'id' },
    columns: {
      mastery_score: 'share',
      score_v1: 'share',
      retrieval_strength: 'share',
      first_attempt_accuracy: 'share',
      overall_accuracy: 'share',
      material_completion: 'share',
      ewma: 'share',
      questions_attempted: 'count',
      questions_correct: 'count',
      first_attempts: 'count',
      first_correct: 'count',
      answer_seconds: 'amount',
      first_answer_at: 'time',
      last_answer_at: 'time',
      materials_completed: 'count',
      materials_total: 'count',
      total_study_seconds: 'count',
      avg_response_time_seconds: 'amount',
      first_studied_at: 'time',
      last_studied_at: 'time',
      next_review_day: 'day',
      review_interval_days: 'count',
      mastery_trend: 'text',
      evidence: 'text',
      ...version,
      as_of: 'time',
    },
    parts: [
      ['questions_correct', 'questions_attempted'],
      ['first_correct', 'first_attempts'],
      ['materials_completed', 'materials_total'],
    ],
  },
  daily: {
    invariant: 'derived',
    table: 'daily_user_stats',
    key: { stat_date: 'day' },
    columns: {
      sessions: 'count',
      total_seconds: 'count',
      active_seconds: 'count',
      longest_session_seconds: 'count',
      materials_viewed: 'count',
      materials_completed: 'count',
      chunks_read: 'count',
      unique_topics: 'count',
      questions_attempted: 'count',
      questions_correct: 'count',
      first_attempts: 'count',
      first_attempts_correct: 'count',
      accuracy: 'share',
      mean_response_seconds: 'amount',
      ai_questions: 'count',
      hints: 'count',
      feedback: 'count',
      xp_earned: 'count',
      achievements: 'count',
      goal_minutes: 'count',
      goal_met: 'flag',
      ...version,
      as_of: 'day',
    },
    parts: [
      ['questions_correct', 'questions_attempted'],
      ['first_attempts_correct', 'first_attempts'],
      ['first_attempts', 'questions_attempted'],
    ],
  },
  weekly: {
    invariant: 'derived',
    table: 'weekly_user_stats',
    key: { iso_year: 'count', iso_week: 'count' },
    columns: {
      sessions: 'count',
      total_seconds: 'count',
      active_seconds: 'count',
      active_days: 'count',
      questions_attempted: 'count',
      questions_correct: 'count',
      accuracy: 'share',
      xp_earned: 'count',
      active_seconds_change: 'change',
      questions_change: 'change',
      topics_improved: 'count',
      ...version,
      as_of: 'day',
    },
    parts: [['questions_correct', 'questions_attempted']],
  },
  topicDaily: {
    invariant: 'derived',
    table: 'topic_daily_stats',
    key: { topic_id: 'id', stat_date: 'day' },
    columns: {
      seconds: 'count',
      materials_viewed: 'count',
      questions_attempted: 'count',
      questions_correct: 'count',
      accuracy: 'share',
      mastery_before: 'share',
      mastery_after: 'share',
      ...version,
      as_of: 'day',
    },
    parts: [['questions_correct', 'questions_attempted']],
  },
  metrics: {
    invariant: 'derived',
    table: 'user_learning_metrics',
    key: {},
    columns: {
      ...windowColumns('7d'),
      ...windowColumns('30d'),
      ...windowColumns('90d'),
      ...windowColumns('all'),
      current_streak_days: 'count',
      longest_streak_days: 'count',
      last_study_day: 'day',
      mean_mastery: 'share',
      topics_mastered: 'count',
      topics_in_progress: 'count',
      topics_weak: 'count',
      focus_topics: 'list',
      ...version,
      as_of: 'day',
    },
    parts: ['7d', '30d', '90d', 'all'].map((window) => [`correct_${window}`, `questions_${window}`] as const),
  },
} as const satisfies Readonly<Record<string, VerifiedTable>>;

export type VerifiedName = keyof typeof verifiedTables;
// The keys of a literal: `Object.keys` types them as strings.
export const verifiedNames = Object.keys(verifiedTables) as readonly VerifiedName[];

// Tables whose rows belong to a learner, and the invariant that a row of nobody breaks.
export const ownedTables = [
  { table: 'study_events', invariant: 'atomic' },
  { table: 'question_attempts', invariant: 'atomic' },
  { table: 'study_sessions', invariant: 'session_counters' },
  { table: 'material_interactions', invariant: 'session_counters' },
  { table: 'learner_checkpoints', invariant: 'derived' },
  { table: 'learner_progress', invariant: 'derived' },
  { table: 'question_progress', invariant: 'derived' },
  { table: 'topic_mastery', invariant: 'derived' },
  { table: 'daily_user_stats', invariant: 'derived' },
  { table: 'weekly_user_stats', invariant: 'derived' },
  { table: 'topic_daily_stats', invariant: 'derived' },
  { table: 'user_learning_metrics', invariant: 'derived' },
  { table: 'knowledge_gaps', invariant: 'derived' },
] as const;
