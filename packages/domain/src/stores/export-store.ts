// Rows of a learner as they leave one database and enter another: JSON with the names of the columns.
import { statement } from '../database/index.ts';
import type { Reader, Statement, Tx } from '../database/index.ts';
import { learnerTables } from '../models/index.ts';

/** One table of an export. `insert` takes a JSON array of rows; null for what another database has no use for. */
export type ExportTable = {
  readonly name: string;
  readonly columns: ReadonlySet<string>;
  readonly select: Statement;
  readonly insert: Statement | null;
};

// Memberships are of the institution's groups, which another database does not have.
const NOT_IMPORTED = new Set(['cohort_members']);

/** Every table of a learner, their own row first. */
export const exportTables: readonly ExportTable[] = learnerTables.map(({ name, columns, key }) => {
  const list = columns.join(', ');
  const order = key.length === 0 ? '' : `\n    order by ${key.join(', ')}`;
  return {
    name,
    columns: new Set(columns),
    select: copyStatement(
      name,
      `select ${list}
    from ${name}
    where user_id = current_setting('studyin.user')::uuid${order}`,
    ),
    insert: NOT_IMPORTED.has(name)
      ? null
      : statement(
          `import.${name}`,
          `insert into ${name} (${list})
  select ${list}
  from jsonb_populate_recordset(null::${name}, $1::jsonb)`,
        ),
  };
});

// Who looked is part of what a learner may know; another database has a log of its own.
const ACCESS_LOG: Pick<ExportTable, 'name' | 'select'> = {
  name: 'access_log',
  select: copyStatement(
    'access_log',
    `select at, actor_id, actor_role, action, reason, request_id
    from access_log
    where subject = decode(current_setting('studyin.subject'), 'hex')
    order by at, id`,
  ),
};

/** All that leaves, in this order. */
export const exportedTables: readonly Pick<ExportTable, 'name' | 'select'>[] = [...exportTables, ACCESS_LOG];

/** The settings that the statements of an export read. */
export function exportSettings(userId: string, subject: Buffer): Readonly<Record<string, string>> {
  return { 'studyin.user': userId, 'studyin.subject': subject.toString('hex') };
}

// Lines as they are: with a quote and a delimiter that JSON escapes, CSV changes nothing.
function copyStatement(table: string, rows: string): Statement {
  return statement(
    `export.${table}`,
    `copy (
  select '{"table":"${table}","row":' || row_to_json(t)::text || '}'
  from (
    ${rows}
  ) as t
) to stdout with (format csv, quote e'\\x01', delimiter e'\\x02')`,
  );
}

const selectState = statement(
  'import.state',
  `select exists (select from learners where user_id = $1) as "isKnown",
    exists (select from erased_learners where subject = $2) as "isErased"`,
);

const countUnknownTopics = statement(
  'import.unknown_topics',
  `select count(*)::int as topics
  from (
    select distinct topic_id
    from question_attempts
    where user_id = $1
  ) as a
  where not exists (select from topics t where t.id = a.topic_id)`,
);

// No curriculum has this version: the next update folds the learner under the one that is here.
const resetProgress = statement(
  'import.reset_progress',
  `update learner_progress
  set curriculum_version = -1
  where user_id = $1`,
);

export async function findImportState(
  reader: Reader,
  { userId, subject }: { readonly userId: string; readonly subject: Buffer },
): Promise<{ readonly isKnown: boolean; readonly isErased: boolean }> {
  const [row] = await reader.query<{ isKnown: boolean; isErased: boolean }>(selectState, [userId, subject]);
  if (row === undefined) throw new Error('import.state returned no row');
  return row;
}

/** Inserts rows as they are, each the text of a JSON object. */
export async function insertRows(tx: Tx, insert: Statement, rows: readonly string[]): Promise<void> {
  await tx.query(insert, [`[${rows.join(',')}]`]);
}

/** How many topics of a learner's answers the curriculum does not have. */
export async function findUnknownTopics(reader: Reader, userId: string): Promise<number> {
  const [row] = await reader.query<{ topics: number }>(countUnknownTopics, [userId]);
  return row?.topics ?? 0;
}

export async function resetImportedProgress(tx: Tx, userId: string): Promise<void> {
  await tx.query(resetProgress, [userId]);
}
