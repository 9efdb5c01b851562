// Reads what is stored of the tables under verification, by one plain statement for each.
import { statement } from '../database/index.ts';
import type { Reader, Statement } from '../database/index.ts';
import { verifiedNames, verifiedTables } from './verify-tables.ts';
import type { ColumnKind, Row, VerifiedName, VerifiedTable } from './verify-tables.ts';

function selectRows(name: VerifiedName): Statement {
  const { table, key, columns }: VerifiedTable = verifiedTables[name];
  const list = Object.entries({ ...key, ...columns }).map(
    ([column, kind]) => `${expressionOf(column, kind)} as ${column}`,
  );
  return statement(
    `verify.rows_${name}`,
    `select user_id, ${list.join(', ')}
  from ${table}
  where user_id = any($1::uuid[])`,
  );
}

function expressionOf(column: string, kind: ColumnKind): string {
  switch (kind) {
    case 'count':
    case 'share':
    case 'amount':
    case 'number':
    case 'change':
      return `${column}::float8`;
    case 'time':
      return `(extract(epoch from ${column}) * 1000)::float8`;
    case 'day':
      return `${column}::text`;
    case 'id':
    case 'text':
    case 'flag':
    case 'list':
      return column;
  }
}

const statements: ReadonlyMap<VerifiedName, Statement> = new Map(verifiedNames.map((name) => [name, selectRows(name)]));

/** Stored rows of the given learners. */
export async function listStoredRows(
  reader: Reader,
  name: VerifiedName,
  userIds: readonly string[],
): Promise<readonly Row[]> {
  const select = statements.get(name);
  if (select === undefined) throw new Error(`no statement reads ${name}`);
  return reader.query<Row>(select, [userIds]);
}

// Tables whose rows belong to a learner, and the invariant that a row of nobody breaks.
const ownedTables = [
  { table: 'study_events', invariant: 'atomic' },
  { table: 'question_attempts', invariant: 'atomic' },
  { table: 'study_sessions', invariant: 'session_counters' },
  { table: 'material_interactions', invariant: 'session_counters' },
  { table: 'learner_checkpoints', invariant: 'derived' },
  { table: 'learner_progress', invariant: 'derived' },
  { table: 'question_progress', invariant: 'derived' },
  { table: 'topic_mastery', invariant: 'derived' },
  { table: 'daily_user_stats', invariant: 'derived' },
  { table: 'weekly_user_stats', invariant: 'derived' },
  { table: 'topic_daily_stats', invariant: 'derived' },
  { table: 'user_learning_metrics', invariant: 'derived' },
  { table: 'knowledge_gaps', invariant: 'derived' },
] as const;

export type OwnedTable = (typeof ownedTables)[number];
export type RowsOfNobody = OwnedTable & { readonly userId: string; readonly rows: number };

const strayStatements = ownedTables.map((owned) => ({
  owned,
  select: statement(
    `verify.stray_${owned.table}`,
    `select t.user_id as "userId", count(*)::int as rows
  from ${owned.table} t
  where ($1::uuid[] is null or t.user_id = any($1))
    and not exists (select from learners l where l.user_id = t.user_id)
  group by t.user_id
  order by t.user_id`,
  ),
}));

/** Rows whose learner does not exist, by table and learner. */
export async function listRowsOfNobody(
  reader: Reader,
  userIds: readonly string[] | null,
): Promise<readonly RowsOfNobody[]> {
  const found: RowsOfNobody[] = [];
  for (const { owned, select } of strayStatements) {
    const rows = await reader.query<Pick<RowsOfNobody, 'userId' | 'rows'>>(select, [userIds]);
    found.push(...rows.map((row) => ({ ...owned, ...row })));
  }
  return found;
}
