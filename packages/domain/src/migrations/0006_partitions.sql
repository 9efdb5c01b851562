-- Months in UTC, three ahead of now and 23 back (the oldest an event may be). No default partition: it would block creating a
-- month that overlaps its rows. SECURITY DEFINER with a fixed search_path, so that the runtime role can keep months ahead
-- without owning a table.

create function ensure_partitions(at timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  month timestamptz;
  child text;
  made integer := 0;
begin
  -- why: two processes that start at once must not both create a month
  perform pg_advisory_xact_lock(hashtext('studyin.partitions'));
  foreach parent in array array['study_events', 'question_attempts'] loop
    for step in -23..3 loop
      month := date_trunc('month', at at time zone 'UTC') at time zone 'UTC';
      month := ((month at time zone 'UTC') + make_interval(months => step)) at time zone 'UTC';
      child := parent || '_' || to_char(month at time zone 'UTC', 'YYYY_MM');
      if to_regclass('public.' || child) is null then
        execute format(
          'create table public.%I partition of public.%I for values from (%L) to (%L)',
          child, parent,
          to_char(month at time zone 'UTC', 'YYYY-MM-DD') || ' 00:00:00+00',
          to_char((month at time zone 'UTC') + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
        );
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end
$$;

create function drop_partitions(before timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  child record;
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
  loop
    if to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' <= before at time zone 'UTC' then
      execute format('drop table public.%I', child.relname);
      dropped := dropped + 1;
    end if;
  end loop;
  return dropped;
end
$$;

revoke execute on function ensure_partitions(timestamptz), drop_partitions(timestamptz) from public;

select ensure_partitions(now());
