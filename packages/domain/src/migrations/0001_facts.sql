-- The facts: append only, partitioned by month in UTC. No foreign keys (the shape shards by user_id) and no derived columns.

create table study_events (
  user_id uuid not null,
  created_at timestamptz not null,
  id uuid not null,
  received_at timestamptz not null,
  study_day date not null,
  timezone text,
  session_id uuid not null,
  event_type text not null,
  material_id uuid,
  chunk_id uuid,
  question_id uuid,
  topic_id uuid,
  properties jsonb not null default '{}',
  client_ip inet,
  device_type text,
  schema_version smallint not null default 1,
  constraint ix_study_events_user_created primary key (user_id, created_at, id),
  -- The id is a UUIDv7: its embedded millisecond is the event's time, so a retry meets its own row in any month.
  constraint study_events_id_carries_time check (
    substring(uuid_send(id) from 1 for 6)
      = substring(int8send((extract(epoch from created_at) * 1000)::bigint) from 3 for 6)
  )
) partition by range (created_at);

create table question_attempts (
  user_id uuid not null,
  attempted_at timestamptz not null,
  id uuid not null,
  session_id uuid not null,
  question_id uuid not null,
  topic_id uuid not null,
  received_at timestamptz not null,
  study_day date not null,
  selected_answer text not null,
  correct_answer text,
  is_correct boolean not null,
  graded_by text not null check (graded_by in ('key', 'client')),
  question_version integer,
  time_to_answer_seconds double precision not null check (time_to_answer_seconds between 0 and 86400),
  confidence_level smallint check (confidence_level between 1 and 5),
  hint_used boolean not null default false,
  explanation_viewed boolean not null default false,
  constraint ix_question_attempts_user_created primary key (user_id, attempted_at, id)
) partition by range (attempted_at);

-- why: item statistics and peers by topic read all learners of one topic
create index ix_question_attempts_topic_user on question_attempts (topic_id, user_id);
-- why: the question history, and an attempt's number
create index ix_question_attempts_user_question on question_attempts (user_id, question_id, attempted_at);

-- Attempt number, first attempt and the gap to the last one are a view: a late answer renumbers nothing that is stored.
create view question_attempts_numbered as
select
  a.*,
  row_number() over w as attempt_number,
  row_number() over w = 1 as is_first_attempt,
  -- null for the first; flying west makes no negative gap
  case
    when lag(a.study_day) over w is not null then greatest(0, a.study_day - lag(a.study_day) over w)
  end as days_since_last_attempt
from question_attempts a
window w as (partition by a.user_id, a.question_id order by a.attempted_at, a.id);
