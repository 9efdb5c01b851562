-- The curriculum: written rarely and all at once, read from memory by its version.

create table curriculum_version (
  only_row boolean primary key default true check (only_row),
  version integer not null
);
insert into curriculum_version (version) values (0);

create table topics (
  id uuid primary key,
  parent_id uuid references topics (id),
  level smallint not null check (level between 0 and 3),
  path text not null,
  slug text not null unique,
  name text not null,
  description text,
  board_exam_weight double precision check (board_exam_weight between 0 and 10),
  effective_exam_weight double precision not null check (effective_exam_weight between 0 and 10),
  difficulty_level smallint check (difficulty_level between 1 and 5),
  estimated_study_hours double precision check (estimated_study_hours >= 0),
  materials_count integer not null default 0,
  questions_count integer not null default 0,
  blocks_count integer not null default 0
);
-- why: the children of a topic
create index ix_topics_parent on topics (parent_id);

create table topic_relationships (
  source_topic_id uuid not null references topics (id),
  target_topic_id uuid not null references topics (id),
  relationship_type text not null check (relationship_type in ('prerequisite', 'related', 'complication', 'treatment')),
  strength double precision not null default 1 check (strength between 0 and 1),
  primary key (source_topic_id, target_topic_id, relationship_type),
  check (source_topic_id <> target_topic_id)
);

create table questions (
  id uuid primary key,
  topic_id uuid not null references topics (id),
  correct_answer text not null,
  options jsonb not null default '[]',
  difficulty double precision check (difficulty between 0 and 1),
  version integer not null default 1
);
-- why: the questions of a topic
create index ix_questions_topic on questions (topic_id);

create table materials (
  id uuid primary key,
  topic_id uuid not null references topics (id),
  kind text not null,
  chunk_count integer not null default 0,
  estimated_minutes double precision check (estimated_minutes >= 0)
);
-- why: the materials of a topic
create index ix_materials_topic on materials (topic_id);
