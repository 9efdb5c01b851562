-- Projections: grown in the transaction of the event that changes them. Every column is order free (sums, least, greatest, or).

create table study_sessions (
  user_id uuid not null,
  id uuid not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  last_event_at timestamptz not null,
  duration_seconds integer not null default 0 check (duration_seconds >= 0),
  active_seconds integer not null default 0 check (active_seconds >= 0),
  pause_count integer not null default 0,
  materials_viewed integer not null default 0,
  materials_completed integer not null default 0,
  chunks_read integer not null default 0,
  questions_attempted integer not null default 0,
  questions_correct integer not null default 0,
  ai_interactions integer not null default 0,
  xp_earned bigint not null default 0,
  achievements_unlocked integer not null default 0,
  device_type text,
  timezone text,
  is_active boolean not null default true,
  topics_studied jsonb not null default '[]',
  -- the study day of the session's first event; null until the worker has seen the session
  study_day date,
  primary key (user_id, id),
  check (questions_correct <= questions_attempted)
);

-- why: recent sessions, newest first
create index ix_study_sessions_user_started on study_sessions (user_id, started_at);

create table material_interactions (
  user_id uuid not null,
  session_id uuid not null,
  material_id uuid not null,
  chunk_id uuid,
  topic_id uuid,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  duration_seconds double precision not null default 0 check (duration_seconds >= 0),
  scroll_depth_percent double precision not null default 0 check (scroll_depth_percent between 0 and 100),
  is_complete boolean not null default false,
  -- the earliest event that completed it
  completed_at timestamptz,
  open_count integer not null default 0,
  revisit_count integer generated always as (greatest(open_count - 1, 0)) stored,
  highlights_count integer not null default 0,
  notes_count integer not null default 0,
  bookmarked boolean not null default false,
  unique nulls not distinct (user_id, session_id, material_id, chunk_id),
  check (is_complete = (completed_at is not null))
);

-- why: who read a material, and one learner's progress in it
create index ix_material_interactions_material_user on material_interactions (material_id, user_id);
-- why: a learner's reading in time order
create index ix_material_interactions_user_started on material_interactions (user_id, started_at);
