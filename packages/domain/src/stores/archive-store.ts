// Archived months, put back beside the facts for inspection: tables of a schema of their own, which no process reads.
import { statement } from '../database/index.ts';
import type { Tx } from '../database/index.ts';
import type { FactTable } from './retention-store.ts';

export type RestoredTable = { readonly table: FactTable; readonly month: string };

const erased = statement(
  'archive.erased',
  `select subject
  from erased_learners
  where subject = any($1::bytea[])`,
);

const exists = statement('archive.exists', `select to_regclass($1) is not null as found`);

/** The full name of the table that a month's rows are restored into. */
export function restoredTableName({ table, month }: RestoredTable): string {
  return `archive.${table}_${month.replace('-', '_')}`;
}

export async function hasRestoredTable(tx: Tx, restored: RestoredTable): Promise<boolean> {
  const [row] = await tx.query<{ found: boolean }>(exists, [restoredTableName(restored)]);
  return row?.found === true;
}

/** Makes an empty table with the columns and checks of the facts. Only an owner may. */
export async function createRestoredTable(tx: Tx, restored: RestoredTable): Promise<void> {
  await tx.executeSql('create schema if not exists archive');
  await tx.executeSql(
    `create table ${restoredTableName(restored)} (like public.${restored.table} including defaults including constraints)`,
  );
}

/** Adds rows given as an array of JSON objects. */
export async function insertRestoredRows(tx: Tx, restored: RestoredTable, rows: string): Promise<void> {
  await tx.executeSql(
    `insert into ${restoredTableName(restored)}
    select *
    from jsonb_populate_recordset(null::public.${restored.table}, $1::jsonb)`,
    [rows],
  );
}

/** Those of the subjects that are erased, in hexadecimal. */
export async function listErasedAmong(tx: Tx, subjects: readonly Buffer[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ subject: Buffer }>(erased, [subjects]);
  return new Set(rows.map(({ subject }) => subject.toString('hex')));
}
