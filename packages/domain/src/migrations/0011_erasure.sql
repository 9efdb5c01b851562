-- Erasure: how far each one has come, its receipt, and what keeps a writer from coming in between.

alter table erased_learners
  -- whose rows are still being deleted, so that what was broken off can be finished; null once nothing is left
  add column pending_user_id uuid,
  add column finished_at timestamptz,
  -- rows deleted, by table
  add column counts jsonb not null default '{}',
  -- SHA-256 of the receipt
  add column hash bytea;
-- why: erasures that were broken off
create index ix_erased_learners_pending on erased_learners (pending_user_id) where pending_user_id is not null;

-- A statement that waited for a learner's lock still sees the tombstones of when it began. A volatile function looks anew, and
-- its error lets the whole transaction be repeated.
create function require_not_erased(subjects bytea[]) returns boolean
language plpgsql volatile as $$
begin
  if exists (select from public.erased_learners e where e.subject = any (subjects)) then
    raise exception 'a learner was erased while this transaction waited' using errcode = 'serialization_failure';
  end if;
  return true;
end
$$;
