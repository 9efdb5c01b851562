-- A learner's row is the lock of everything that is theirs; the derived rows below it are written by the worker alone.

create table learners (
  user_id uuid primary key,
  watermark bigint not null default 0,
  answers bigint not null default 0,
  timezone text not null default 'UTC',
  rollover_hour smallint not null default 0 check (rollover_hour between 0 and 23),
  daily_goal_minutes smallint not null default 30 check (daily_goal_minutes between 1 and 1440),
  exam_date date,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now()
);

create table learner_progress (
  user_id uuid primary key,
  answers bigint not null default 0,
  cursor_at timestamptz,
  cursor_id uuid,
  theta double precision not null default 0,
  model_version integer not null default 0,
  -- the curriculum that material completion was computed under
  curriculum_version integer not null default 0
);

create table question_progress (
  user_id uuid not null,
  question_id uuid not null,
  topic_id uuid not null,
  attempts integer not null check (attempts > 0),
  correct integer not null check (correct between 0 and attempts),
  first_attempt_id uuid not null,
  first_attempt_at timestamptz not null,
  first_study_day date not null,
  first_correct boolean not null,
  last_attempt_id uuid not null,
  last_attempt_at timestamptz not null,
  last_study_day date not null,
  last_correct boolean not null,
  stability double precision,
  difficulty double precision,
  interval_days integer,
  due_day date,
  theta double precision not null default 0,
  calculation_version smallint not null default 1,
  as_of timestamptz not null,
  calculated_at timestamptz not null default now(),
  primary key (user_id, question_id)
);
-- why: the review queue, overdue first
create index ix_question_progress_user_due on question_progress (user_id, due_day);

create table topic_mastery (
  user_id uuid not null,
  topic_id uuid not null,
  mastery_score double precision check (mastery_score between 0 and 1),
  score_v1 double precision check (score_v1 between 0 and 1),
  score_v2 double precision check (score_v2 between 0 and 1),
  confidence_score double precision check (confidence_score between 0 and 1),
  retrieval_strength double precision check (retrieval_strength between 0 and 1),
  retention_rate double precision check (retention_rate between 0 and 1),
  first_attempt_accuracy double precision check (first_attempt_accuracy between 0 and 1),
  overall_accuracy double precision check (overall_accuracy between 0 and 1),
  material_completion double precision check (material_completion between 0 and 1),
  -- the fold's state
  theta double precision not null default 0,
  recent double precision not null default 0.5,
  ewma double precision not null default 0.5 check (ewma between 0 and 1),
  questions_attempted integer not null default 0,
  questions_correct integer not null default 0 check (questions_correct between 0 and questions_attempted),
  first_attempts integer not null default 0,
  first_correct integer not null default 0 check (first_correct between 0 and first_attempts),
  answer_seconds double precision not null default 0,
  first_answer_at timestamptz,
  last_answer_at timestamptz,
  materials_completed integer not null default 0,
  materials_total integer not null default 0,
  total_study_seconds integer not null default 0,
  avg_response_time_seconds double precision,
  first_studied_at timestamptz not null,
  last_studied_at timestamptz not null,
  next_review_day date,
  review_interval_days integer,
  mastery_trend text not null default 'unknown',
  evidence text not null default 'none' check (evidence in ('none', 'not_enough_data', 'enough')),
  calculation_version smallint not null default 1,
  as_of timestamptz not null,
  calculated_at timestamptz not null default now(),
  constraint ix_topic_mastery_user_topic primary key (user_id, topic_id)
);
-- why: weakest and strongest topics
create index ix_topic_mastery_user_mastery on topic_mastery (user_id, mastery_score);
-- why: topics due for review
create index ix_topic_mastery_user_review on topic_mastery (user_id, next_review_day);

create table mastery_models (
  version integer primary key,
  made_at timestamptz not null default now(),
  answers bigint not null,
  p0_right bigint not null,
  p0_total bigint not null,
  coefficients jsonb not null,
  quality_before jsonb,
  quality_after jsonb,
  active boolean not null default false
);
create table mastery_model_counts (
  version integer not null references mastery_models (version),
  kind text not null check (kind in ('question', 'topic')),
  id uuid not null,
  answers_right bigint not null,
  answers_total bigint not null,
  primary key (version, kind, id)
);

create table daily_user_stats (
  user_id uuid not null,
  stat_date date not null,
  sessions integer not null default 0,
  total_seconds integer not null default 0,
  active_seconds integer not null default 0 check (active_seconds >= 0),
  longest_session_seconds integer not null default 0,
  materials_viewed integer not null default 0,
  materials_completed integer not null default 0,
  chunks_read integer not null default 0,
  unique_topics integer not null default 0,
  questions_attempted integer not null default 0,
  questions_correct integer not null default 0 check (questions_correct between 0 and questions_attempted),
  first_attempts integer not null default 0,
  first_attempts_correct integer not null default 0 check (first_attempts_correct between 0 and first_attempts),
  accuracy double precision check (accuracy between 0 and 1),
  mean_response_seconds double precision,
  ai_questions integer not null default 0,
  hints integer not null default 0,
  feedback integer not null default 0,
  xp_earned bigint not null default 0,
  achievements integer not null default 0,
  -- the goal in force when the day was first computed: a later goal does not judge an earlier day
  goal_minutes smallint not null,
  goal_met boolean not null default false,
  calculation_version smallint not null default 1,
  as_of date not null,
  calculated_at timestamptz not null default now(),
  constraint ix_daily_user_stats_user_date primary key (user_id, stat_date)
);

create table weekly_user_stats (
  user_id uuid not null,
  iso_year smallint not null,
  iso_week smallint not null check (iso_week between 1 and 53),
  sessions integer not null default 0,
  total_seconds integer not null default 0,
  active_seconds integer not null default 0,
  active_days smallint not null default 0 check (active_days between 0 and 7),
  questions_attempted integer not null default 0,
  questions_correct integer not null default 0 check (questions_correct between 0 and questions_attempted),
  accuracy double precision check (accuracy between 0 and 1),
  xp_earned bigint not null default 0,
  active_seconds_change integer,
  questions_change integer,
  topics_improved integer not null default 0,
  calculation_version smallint not null default 1,
  as_of date not null,
  calculated_at timestamptz not null default now(),
  primary key (user_id, iso_year, iso_week)
);

create table topic_daily_stats (
  user_id uuid not null,
  topic_id uuid not null,
  stat_date date not null,
  seconds integer not null default 0,
  materials_viewed integer not null default 0,
  questions_attempted integer not null default 0,
  questions_correct integer not null default 0 check (questions_correct between 0 and questions_attempted),
  accuracy double precision check (accuracy between 0 and 1),
  mastery_before double precision check (mastery_before between 0 and 1),
  mastery_after double precision check (mastery_after between 0 and 1),
  calculation_version smallint not null default 1,
  as_of date not null,
  calculated_at timestamptz not null default now(),
  primary key (user_id, topic_id, stat_date)
);
-- why: the topics of one study day or week of a learner
create index ix_topic_daily_stats_user_date on topic_daily_stats (user_id, stat_date);

create table user_learning_metrics (
  user_id uuid not null,
  active_seconds_7d integer not null default 0,
  active_seconds_30d integer not null default 0,
  active_seconds_90d integer not null default 0,
  active_seconds_all bigint not null default 0,
  sessions_7d integer not null default 0,
  sessions_30d integer not null default 0,
  sessions_90d integer not null default 0,
  sessions_all integer not null default 0,
  active_days_7d integer not null default 0,
  active_days_30d integer not null default 0,
  active_days_90d integer not null default 0,
  active_days_all integer not null default 0,
  questions_7d integer not null default 0,
  questions_30d integer not null default 0,
  questions_90d integer not null default 0,
  questions_all integer not null default 0,
  correct_7d integer not null default 0,
  correct_30d integer not null default 0,
  correct_90d integer not null default 0,
  correct_all integer not null default 0,
  accuracy_7d double precision check (accuracy_7d between 0 and 1),
  accuracy_30d double precision check (accuracy_30d between 0 and 1),
  accuracy_90d double precision check (accuracy_90d between 0 and 1),
  accuracy_all double precision check (accuracy_all between 0 and 1),
  xp_7d bigint not null default 0,
  xp_30d bigint not null default 0,
  xp_90d bigint not null default 0,
  xp_all bigint not null default 0,
  topics_7d integer not null default 0,
  topics_30d integer not null default 0,
  topics_90d integer not null default 0,
  topics_all integer not null default 0,
  current_streak_days integer not null default 0,
  longest_streak_days integer not null default 0,
  last_study_day date,
  mean_mastery double precision check (mean_mastery between 0 and 1),
  topics_mastered integer not null default 0,
  topics_in_progress integer not null default 0,
  topics_weak integer not null default 0,
  readiness double precision check (readiness between 0 and 1),
  focus_topics jsonb not null default '[]',
  calculation_version smallint not null default 1,
  as_of date not null,
  calculated_at timestamptz not null default now(),
  constraint ix_user_learning_metrics primary key (user_id)
);

create table knowledge_gaps (
  user_id uuid not null,
  topic_id uuid not null,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  gap_score double precision not null check (gap_score between 0 and 1),
  priority_score double precision not null check (priority_score between 0 and 1000),
  priority_terms jsonb not null default '{}',
  attempts integer not null default 0,
  accuracy double precision check (accuracy between 0 and 1),
  recent_failure_rate double precision check (recent_failure_rate between 0 and 1),
  exam_weight double precision not null,
  blocks_count integer not null default 0,
  estimated_hours double precision,
  recommended_materials jsonb not null default '[]',
  reasons jsonb not null default '[]',
  identified_on date not null,
  resolved_on date,
  calculation_version smallint not null default 1,
  as_of timestamptz not null,
  calculated_at timestamptz not null default now(),
  primary key (user_id, topic_id)
);
-- why: the most urgent gaps of a learner
create index ix_knowledge_gaps_user_priority on knowledge_gaps (user_id, priority_score);

create table peer_distributions (
  metric text not null,
  -- the nil UUID where a metric has no topic
  topic_id uuid not null default '00000000-0000-0000-0000-000000000000',
  as_of date not null,
  learners integer not null check (learners >= 20),
  quantiles double precision[] not null check (cardinality(quantiles) = 101),
  calculation_version smallint not null default 1,
  calculated_at timestamptz not null default now(),
  primary key (metric, topic_id, as_of)
);

create table question_statistics (
  question_id uuid not null,
  version integer not null,
  answers bigint not null,
  facility double precision check (facility between 0 and 1),
  first_attempt_facility double precision check (first_attempt_facility between 0 and 1),
  discrimination double precision check (discrimination between -1 and 1),
  upper_lower_27 double precision check (upper_lower_27 between -1 and 1),
  distractors jsonb not null default '{}',
  median_seconds double precision,
  evidence text not null default 'insufficient',
  calculation_version smallint not null default 1,
  as_of date not null,
  calculated_at timestamptz not null default now(),
  primary key (question_id, version)
);
