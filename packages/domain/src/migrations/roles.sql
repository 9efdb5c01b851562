-- Run after every migration: idempotent. The runtime role may add facts and never change them; partitions are reached only
-- through their parents. NOLOGIN: a login becomes one of these roles on connect.
do $$
begin
  if not exists (select from pg_roles where rolname = 'studyin_runtime') then
    create role studyin_runtime nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'studyin_eraser') then
    create role studyin_eraser nologin;
  end if;
exception when duplicate_object or unique_violation then
  null; -- another migration of the same cluster made it in this moment
end
$$;

grant studyin_runtime, studyin_eraser to current_user;

grant usage on schema public to studyin_runtime, studyin_eraser;
revoke all on all tables in schema public from studyin_runtime, studyin_eraser;

-- facts, the audit trail and tombstones: add and read
grant select, insert on study_events, question_attempts, access_log, erased_learners to studyin_runtime;
grant select on question_attempts_numbered to studyin_runtime;
-- projections and the learner's row: also grow
grant select, insert, update on study_sessions, material_interactions, learners to studyin_runtime;
-- the curriculum: replaced as a whole by import
grant select, insert, update, delete on topics, topic_relationships, questions, materials, cohorts, cohort_members to studyin_runtime;
grant select, update on curriculum_version to studyin_runtime;
-- derived rows and housekeeping: the worker's own
grant select, insert, update, delete on
  learner_progress, question_progress, topic_mastery, mastery_models, mastery_model_counts, daily_user_stats, weekly_user_stats,
  topic_daily_stats, user_learning_metrics, knowledge_gaps, peer_distributions, question_statistics, batch_runs, batch_chunks, dirty_days,
  rejected_events to studyin_runtime;
-- made before facts are dropped, and never taken back
grant select, insert, update on learner_checkpoints to studyin_runtime;
grant select on schema_migrations to studyin_runtime;
grant execute on function ensure_partitions(timestamptz), drop_partitions(timestamptz), delete_old_projections(timestamptz, integer),
  delete_old_access(timestamptz, integer) to studyin_runtime;

-- erasure removes a learner everywhere
grant select, delete on all tables in schema public to studyin_eraser;
grant insert on erased_learners, access_log to studyin_eraser;
-- it begins, as every writer, with the learner's row, and keeps the books of what is gone
grant insert (user_id), update (watermark) on learners to studyin_eraser;
grant update (pending_user_id, finished_at, counts, hash) on erased_learners to studyin_eraser;
revoke delete on access_log, erased_learners, schema_migrations from studyin_eraser;

do $$
begin
  if exists (select from pg_namespace where nspname = 'pgboss') then
    grant usage on schema pgboss to studyin_runtime, studyin_eraser;
    grant select, insert, update, delete on all tables in schema pgboss to studyin_runtime;
    grant usage, select on all sequences in schema pgboss to studyin_runtime;
    grant execute on all functions in schema pgboss to studyin_runtime;
    grant select, delete on all tables in schema pgboss to studyin_eraser;
  end if;
end
$$;
