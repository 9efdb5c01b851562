-- Facts go by whole months once what follows from them is kept: per learner the fold of all answers before a boundary, and the few
-- facts before it that a late event could still be told against.

create table learner_checkpoints (
  user_id uuid primary key,
  -- midnight UTC at the beginning of this day: the state is the fold of all facts before it
  boundary date not null check (extract(day from boundary) = 1),
  answers bigint not null check (answers >= 0),
  state jsonb not null,
  -- the events and attempts before the boundary of sessions that ended less than three days before it, or later
  kept jsonb,
  made_at timestamptz not null default now()
);

-- the answers to the question that lie before the learner's checkpoint; an attempt's number counts on from them
alter table question_progress
  add column checkpoint_attempts integer not null default 0 check (checkpoint_attempts between 0 and attempts);

-- An attempt's number does not fall when older ones are dropped. Between checkpoint and drop some of the attempts that the
-- checkpoint counts are still there, so only those that are gone are added.
create or replace view question_attempts_numbered as
select
  a.*,
  row_number() over w + greatest(0, coalesce(p.checkpoint_attempts, 0)
    - count(*) filter (where a.attempted_at < c.boundary::timestamp at time zone 'UTC') over q) as attempt_number,
  row_number() over w = 1 and coalesce(p.checkpoint_attempts, 0)
    <= count(*) filter (where a.attempted_at < c.boundary::timestamp at time zone 'UTC') over q as is_first_attempt,
  -- null for the first, and where the one before was dropped; flying west makes no negative gap
  case
    when lag(a.study_day) over w is not null then greatest(0, a.study_day - lag(a.study_day) over w)
  end as days_since_last_attempt
from question_attempts a
left join question_progress p on p.user_id = a.user_id and p.question_id = a.question_id
left join learner_checkpoints c on c.user_id = a.user_id
window
  q as (partition by a.user_id, a.question_id),
  w as (partition by a.user_id, a.question_id order by a.attempted_at, a.id);

-- Drops whole months, and none with facts of a learner who has no checkpoint at its end: the caller may be wrong, this is the wall.
create or replace function drop_partitions(before timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  child record;
  month_end date;
  lacks_checkpoint boolean;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('studyin.partitions'));
  for child in
    select c.relname, p.relname as parent
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    join pg_class p on p.oid = i.inhparent
    where p.relname in ('study_events', 'question_attempts')
      and p.relnamespace = 'public'::regnamespace
    order by c.relname
  loop
    month_end := to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month';
    if month_end <= before at time zone 'UTC' then
      -- why before the check: what is added meanwhile would go unseen
      execute format('lock table public.%I in access exclusive mode', child.relname);
      execute format(
        'select exists (
          select from public.%I f
          join public.learners l on l.user_id = f.user_id
          where not exists (
            select from public.learner_checkpoints c
            where c.user_id = f.user_id and c.boundary >= $1))',
        child.relname
      ) into lacks_checkpoint using month_end;
      if lacks_checkpoint then
        raise exception '% has facts of learners without a checkpoint', child.relname
          using errcode = 'object_not_in_prerequisite_state';
      end if;
      execute format('drop table public.%I', child.relname);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end
$$;

-- Deletes sessions that ended three days before the given time or earlier, and adds their interactions up to one row for each
-- learner, material and chunk under the nil session, so that what a learner has read of a material stays. Only where the
-- learner has a checkpoint: those of later sessions are checked against facts. At most max_rows of each in one call.
create function delete_old_projections(before timestamptz, max_rows integer, out interactions integer, out sessions integer)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  with old as (
    select i.ctid
    from material_interactions i
    join study_sessions s on s.user_id = i.user_id and s.id = i.session_id
    join learner_checkpoints c on c.user_id = i.user_id
    where s.last_event_at < before - interval '3 days'
      and c.boundary >= (before at time zone 'UTC')::date
    limit max_rows
    for update of i skip locked
  ), gone as (
    delete from material_interactions i
    using old
    where i.ctid = old.ctid
    returning i.*
  ), added as (
    insert into material_interactions (user_id, session_id, material_id, chunk_id, topic_id, started_at, ended_at, duration_seconds,
      scroll_depth_percent, is_complete, completed_at, open_count, highlights_count, notes_count, bookmarked)
    select user_id, '00000000-0000-0000-0000-000000000000', material_id, chunk_id, min(topic_id::text)::uuid, min(started_at),
      max(ended_at), round((sum(duration_seconds) * 1000)::numeric) / 1000, max(scroll_depth_percent), bool_or(is_complete),
      min(completed_at), sum(open_count), sum(highlights_count), sum(notes_count), bool_or(bookmarked)
    from gone
    group by user_id, material_id, chunk_id
    order by user_id, material_id, chunk_id
    on conflict (user_id, session_id, material_id, chunk_id) do update set
      topic_id = least(material_interactions.topic_id, excluded.topic_id),
      started_at = least(material_interactions.started_at, excluded.started_at),
      ended_at = greatest(material_interactions.ended_at, excluded.ended_at),
      duration_seconds = round(((material_interactions.duration_seconds + excluded.duration_seconds) * 1000)::numeric) / 1000,
      scroll_depth_percent = greatest(material_interactions.scroll_depth_percent, excluded.scroll_depth_percent),
      is_complete = material_interactions.is_complete or excluded.is_complete,
      completed_at = least(material_interactions.completed_at, excluded.completed_at),
      open_count = material_interactions.open_count + excluded.open_count,
      highlights_count = material_interactions.highlights_count + excluded.highlights_count,
      notes_count = material_interactions.notes_count + excluded.notes_count,
      bookmarked = material_interactions.bookmarked or excluded.bookmarked
  )
  select count(*) into interactions from gone;

  with old as (
    select s.user_id, s.id
    from study_sessions s
    join learner_checkpoints c on c.user_id = s.user_id
    where s.last_event_at < before - interval '3 days'
      and c.boundary >= (before at time zone 'UTC')::date
      -- why: without its session an interaction would be taken for one of a session that is kept
      and not exists (select from material_interactions i where i.user_id = s.user_id and i.session_id = s.id)
    limit max_rows
    for update of s skip locked
  ), gone as (
    delete from study_sessions s
    using old
    where s.user_id = old.user_id and s.id = old.id
    returning 1
  )
  select count(*) into sessions from gone;
end
$$;

revoke execute on function delete_old_projections(timestamptz, integer) from public;
