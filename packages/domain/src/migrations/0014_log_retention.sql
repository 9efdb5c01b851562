-- What is not a fact is kept for a time that a setting says. The audit trail stays closed to the roles: it goes by a function that
-- knows how long it must be kept at least, whatever a setting says.

-- why: the oldest rows are found without reading the others; they lie in order of time
create index ix_access_log_at on access_log using brin (at);

create function delete_old_access(before timestamptz, max_rows integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  gone integer;
begin
  if before is null or before > now() - interval '90 days' then
    raise exception 'the access log is kept for 90 days at least' using errcode = 'invalid_parameter_value';
  end if;
  delete from access_log
  where id in (select id from access_log where at < before limit max_rows);
  get diagnostics gone = row_count;
  return gone;
end
$$;

revoke execute on function delete_old_access(timestamptz, integer) from public;
