-- Nights: how far each learner's rows have been moved in time, and which chunks of a step are still to be done.

-- The UTC day whose night, that is the midnight at its end, was applied last; null before the first one.
alter table learner_progress add column night date;

-- A chunk's effect and its `finished_at` commit together. Rows go when their step has finished the night.
create table batch_chunks (
  step text not null,
  -- the UTC day that the night ended
  day date not null,
  -- the learners from here on; the first chunk begins with the nil UUID
  from_user_id uuid not null,
  -- and before here; null in the last chunk
  to_user_id uuid,
  finished_at timestamptz,
  rows_written bigint not null default 0,
  primary key (step, day, from_user_id)
);
