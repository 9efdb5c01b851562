-- A question's schedule by any of the schedulers, and all that a knowledge gap says of itself.

alter table question_progress
  -- what `sm2` carries, as stability and difficulty are what `fsrs-6` carries
  add column easiness double precision check (easiness >= 1.3),
  add column repetitions integer check (repetitions >= 0),
  add column scheduler text not null default 'fsrs-6' check (scheduler in ('fsrs-6', 'sm2-seed', 'sm2'));

-- the settings that the learner's rows were made by; null before the first, so that rows from before them are made again
alter table learner_progress
  add column scheduler text check (scheduler in ('fsrs-6', 'sm2-seed', 'sm2')),
  add column gap_version smallint check (gap_version in (1, 2));

alter table knowledge_gaps
  -- lists: their order is part of the sum, and jsonb keeps no order of keys
  alter column priority_terms set default '[]',
  add column importance_terms jsonb not null default '[]',
  add column untried_share double precision not null default 0 check (untried_share between 0 and 1),
  add column is_ready boolean not null default true,
  add column blocked_by jsonb not null default '[]';
