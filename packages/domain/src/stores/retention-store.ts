// The months of the facts, and what goes with them.
import { statement } from '../database/index.ts';
import type { Reader, Tx } from '../database/index.ts';

export const factTables = ['study_events', 'question_attempts'] as const;
export type FactTable = (typeof factTables)[number];

const timeColumns: Readonly<Record<FactTable, string>> = {
  study_events: 'created_at',
  question_attempts: 'attempted_at',
};

// Counting and dropping a month takes longer than a request may.
const extendTimeout = statement('retention.extend_timeout', `select set_config('statement_timeout', '600000', true)`);

const now = statement('retention.now', `select (extract(epoch from now()) * 1000)::float8 as "nowMs"`);

const selectMonths = statement(
  'retention.months',
  `select distinct replace(right(c.relname, 7), '_', '-') as month
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
  where i.inhparent in ('study_events'::regclass, 'question_attempts'::regclass)
    -- why as text: a planner may look at names before it knows that they are of months
    and replace(right(c.relname, 7), '_', '-') || '-01' < $1
  order by 1`,
);

const monthStart = `to_date($1, 'YYYY-MM')::timestamp at time zone 'UTC'`;
const monthEnd = `(to_date($1, 'YYYY-MM') + interval '1 month') at time zone 'UTC'`;
const inMonth = (table: FactTable): string =>
  `${timeColumns[table]} >= ${monthStart} and ${timeColumns[table]} < ${monthEnd}`;

const countMonth = statement(
  'retention.count_month',
  `select
    (select count(*)::float8 from study_events where ${inMonth('study_events')}) as events,
    (select count(*)::float8 from question_attempts where ${inMonth('question_attempts')}) as attempts`,
);

// Before anything of the month is read: two runs that each hold a share of the tables would wait for each other.
const lockAllMonths = statement(
  'retention.lock_months',
  `select pg_advisory_xact_lock(hashtext('studyin.partitions'))`,
);

// Whoever reads or writes facts waits behind the drop while it waits for its own lock on them.
const waitBriefly = statement('retention.wait_briefly', `select set_config('lock_timeout', '1000', true)`);

const dropMonth = statement('retention.drop_month', `select drop_partitions(${monthEnd}) as dropped`);

const deleteOld = statement(
  'retention.delete_projections',
  `select interactions, sessions
  from delete_old_projections(($1::date)::timestamp at time zone 'UTC', $2)`,
);

const countOld = statement(
  'retention.count_projections',
  `with old as (
    select user_id, id
    from study_sessions
    where last_event_at < ($1::date)::timestamp at time zone 'UTC' - interval '3 days'
  )
  select (select count(*)::float8 from old) as sessions,
    (select count(*)::float8 from old join material_interactions i on i.user_id = old.user_id and i.session_id = old.id)
      as interactions`,
);

// In the order of the primary key, so that one page after the other is read by it.
const pageStatements = {
  study_events: pageStatement('study_events'),
  question_attempts: pageStatement('question_attempts'),
} as const;

function pageStatement(table: FactTable) {
  const time = timeColumns[table];
  return statement(
    `retention.page_${table}`,
    `select to_json(f)::text as line, user_id as "userId", ${time}::text as at, id
  from ${table} f
  where ${inMonth(table)}
    and ($2::uuid is null or (user_id, ${time}, id) > ($2, $3::timestamptz, $4::uuid))
  order by user_id, ${time}, id
  limit $5`,
  );
}

/** Lets the transaction's statements take as long as counting or dropping a month does. */
export async function allowLongStatements(tx: Tx): Promise<void> {
  await tx.query(extendTimeout);
}

export async function getNowMs(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ nowMs: number }>(now);
  if (row === undefined) throw new Error('retention.now returned no row');
  return row.nowMs;
}

/** Months ('YYYY-MM') before the boundary that still have a table, oldest first. */
export async function listMonthsBefore(reader: Reader, boundary: string): Promise<readonly string[]> {
  const rows = await reader.query<{ month: string }>(selectMonths, [boundary]);
  return rows.map(({ month }) => month);
}

export type MonthCounts = { readonly events: number; readonly attempts: number };

export async function countFactsOfMonth(tx: Tx, month: string): Promise<MonthCounts> {
  await allowLongStatements(tx);
  const [row] = await tx.query<MonthCounts>(countMonth, [month]);
  if (row === undefined) throw new Error('retention.count_month returned no row');
  return row;
}

/** Lets no other transaction make or drop months until this one ends. */
export async function lockMonths(tx: Tx): Promise<void> {
  await tx.query(lockAllMonths);
}

/** Drops the tables of a month, and of those before it. Refused by the database while a learner lacks a checkpoint.
 * Fails where someone has been reading facts for more than a second. */
export async function dropMonthAndEarlier(tx: Tx, month: string): Promise<void> {
  await allowLongStatements(tx);
  await tx.query(waitBriefly);
  await tx.query(dropMonth, [month]);
}

export type ProjectionCounts = { readonly interactions: number; readonly sessions: number };

/** Deletes at most `limit` of each kind of projection that belongs to dropped facts. */
export async function deleteOldProjections(
  tx: Tx,
  { boundary, limit }: { readonly boundary: string; readonly limit: number },
): Promise<ProjectionCounts> {
  await allowLongStatements(tx);
  const [row] = await tx.query<ProjectionCounts>(deleteOld, [boundary, limit]);
  if (row === undefined) throw new Error('retention.delete_projections returned no row');
  return row;
}

export async function countOldProjections(tx: Tx, boundary: string): Promise<ProjectionCounts> {
  await allowLongStatements(tx);
  const [row] = await tx.query<ProjectionCounts>(countOld, [boundary]);
  if (row === undefined) throw new Error('retention.count_projections returned no row');
  return row;
}

export type FactLine = {
  /** The whole row as JSON. */
  readonly line: string;
  readonly userId: string;
  readonly at: string;
  readonly id: string;
};

export type PageOfMonth = {
  readonly table: FactTable;
  readonly month: string;
  readonly after: FactLine | null;
  readonly limit: number;
};

/** The next facts of a month in the order of their primary key. */
export function listFactLines(reader: Reader, page: PageOfMonth): Promise<readonly FactLine[]> {
  const { table, month, after, limit } = page;
  return reader.query<FactLine>(pageStatements[table], [
    month,
    after?.userId ?? null,
    after?.at ?? null,
    after?.id ?? null,
    limit,
  ]);
}
