-- What keeps the rest honest: watermarks of batches, days to roll up, quarantine, audit, tombstones, cohorts.

create table batch_runs (
  step text primary key,
  watermark date,
  started_at timestamptz,
  finished_at timestamptz,
  rows_written bigint not null default 0
);

create table dirty_days (
  user_id uuid not null,
  study_day date not null,
  -- whether a material was completed on it: that can change the mastery of answers already folded
  completed boolean not null default false,
  primary key (user_id, study_day)
);

create table rejected_events (
  id uuid primary key default gen_random_uuid(),
  user_id uuid,
  event_id uuid,
  event_type text,
  reason text not null check (reason in ('invalid', 'invalid_text', 'pii', 'too_old', 'unknown_topic', 'unknown_material')),
  path text,
  -- the whole item, only where a later curriculum can make it acceptable
  item jsonb,
  received_at timestamptz not null default now(),
  check (item is null or reason in ('unknown_topic', 'unknown_material'))
);
-- why: replay and retention walk the quarantine in order of arrival
create index ix_rejected_events_received on rejected_events (received_at);

create table access_log (
  id uuid primary key default gen_random_uuid(),
  at timestamptz not null default now(),
  actor_id uuid not null,
  actor_role text not null,
  -- HMAC of the learner's id under a key that is never rotated
  subject bytea not null,
  action text not null,
  reason text,
  request_id text
);
-- why: a learner reads who looked at their data
create index ix_access_log_subject_at on access_log (subject, at);

create table erased_learners (
  subject bytea primary key,
  erased_at timestamptz not null default now()
);

create table cohorts (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);
create table cohort_members (
  cohort_id uuid not null references cohorts (id) on delete cascade,
  user_id uuid not null,
  role text not null check (role in ('learner', 'instructor')),
  primary key (cohort_id, user_id)
);
-- why: the cohorts of one person
create index ix_cohort_members_user on cohort_members (user_id);
