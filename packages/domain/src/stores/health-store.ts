// What an operator asks of a database: its version, roles, queue, lag, months and time-outs. Each reads catalogues or counts.
import { sqlStateOf, statement } from '../database/index.ts';
import type { Reader } from '../database/index.ts';

export type ServerFacts = {
  readonly version: string;
  readonly versionNumber: number;
  readonly login: string;
  readonly role: string;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleTimeoutMs: number;
};
/** `member`: the login may become it. */
export type RoleFacts = { readonly name: string; readonly exists: boolean; readonly isMember: boolean };
export type QueueFacts = { readonly name: string; readonly policy: string };
export type LagFacts = { readonly behind: number; readonly queued: number; readonly oldestSeconds: number | null };
export type MonthFacts = { readonly parent: string; readonly month: string };

const selectServer = statement(
  'health.server',
  `select current_setting('server_version') as version, current_setting('server_version_num')::int as "versionNumber",
    session_user::text as login, current_user::text as role,
    (select setting::int from pg_settings where name = 'statement_timeout') as "statementTimeoutMs",
    (select setting::int from pg_settings where name = 'lock_timeout') as "lockTimeoutMs",
    (select setting::int from pg_settings where name = 'idle_in_transaction_session_timeout') as "idleTimeoutMs"`,
);

const selectRoles = statement(
  'health.roles',
  `select n.name, r.rolname is not null as exists, coalesce(pg_has_role(session_user, r.oid, 'member'), false) as "isMember"
  from unnest($1::text[]) as n (name)
  left join pg_roles r on r.rolname = n.name
  order by n.name`,
);

const selectQueues = statement('health.queues', `select name, policy from pgboss.queue order by name`);

const selectLag = statement(
  'health.lag',
  `select
    (select count(*)::int
      from learners l
      left join learner_progress p on p.user_id = l.user_id
      where l.answers <> coalesce(p.answers, 0)
        or exists (select from dirty_days d where d.user_id = l.user_id)) as behind,
    (select count(*)::int from pgboss.job where name = $1 and state in ('created', 'retry', 'active')) as queued,
    (select extract(epoch from now() - min(greatest(created_on, start_after)))::float8
      from pgboss.job
      where name = $1 and state in ('created', 'retry')) as "oldestSeconds"`,
);

const countJobs = statement(
  'health.dead_letters',
  `select count(*)::int as jobs from pgboss.job where name = any($1::text[]) and state = 'created'`,
);

// The months that must stand: this one and the next three. Their names are the partitions' own.
const selectMissingMonths = statement(
  'health.missing_months',
  `select p.parent, to_char(m.month, 'YYYY-MM') as month
  from unnest($1::text[]) as p (parent)
  cross join generate_series(
    date_trunc('month', now() at time zone 'UTC'),
    date_trunc('month', now() at time zone 'UTC') + interval '3 months',
    interval '1 month') as m (month)
  where not exists (
    select
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass(p.parent) and c.relname = p.parent || '_' || to_char(m.month, 'YYYY_MM'))
  order by p.parent, m.month`,
);

// One that began a moment ago may be running.
const countUnfinished = statement(
  'health.unfinished_erasures',
  `select count(*)::int as erasures
  from erased_learners
  where pending_user_id is not null and erased_at < now() - interval '15 minutes'`,
);

const UNDEFINED = new Set(['42P01', '42703', '3F000']);

export async function getServerFacts(reader: Reader): Promise<ServerFacts> {
  const [row] = await reader.query<ServerFacts>(selectServer);
  if (row === undefined) throw new Error('health.server returned no row');
  return row;
}

export function listRoles(reader: Reader, names: readonly string[]): Promise<readonly RoleFacts[]> {
  return reader.query<RoleFacts>(selectRoles, [names]);
}

/** Installed queues; null where the queue's own tables are not there. */
export function findQueues(reader: Reader): Promise<readonly QueueFacts[] | null> {
  return orNull(() => reader.query<QueueFacts>(selectQueues));
}

/** Learners whose rows are behind their facts, and the jobs that will change that; null before the first migration. */
export async function findLag(reader: Reader, jobName: string): Promise<LagFacts | null> {
  const rows = await orNull(() => reader.query<LagFacts>(selectLag, [jobName]));
  return rows?.[0] ?? null;
}

/** Jobs that wait in the given queues; null where there is no queue. */
export async function findDeadLetters(reader: Reader, queues: readonly string[]): Promise<number | null> {
  const rows = await orNull(() => reader.query<{ jobs: number }>(countJobs, [queues]));
  return rows?.[0]?.jobs ?? null;
}

/** Months from this one to the third ahead that a partitioned table lacks. */
export function listMissingMonths(reader: Reader, parents: readonly string[]): Promise<readonly MonthFacts[]> {
  return reader.query<MonthFacts>(selectMissingMonths, [parents]);
}

/** Erasures that were broken off; null before the migrations. */
export async function countUnfinishedErasures(reader: Reader): Promise<number | null> {
  const rows = await orNull(() => reader.query<{ erasures: number }>(countUnfinished));
  return rows?.[0]?.erasures ?? null;
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (UNDEFINED.has(sqlStateOf(error) ?? '')) return null;
    throw error;
  }
}
