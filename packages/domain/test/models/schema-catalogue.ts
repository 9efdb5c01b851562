// What the migrated database itself says of its tables and indexes; partitions and the migrations' own table left out.
import { statement, type Database } from '@studyin/domain/database';

export type ColumnShape = {
  readonly type: string;
  readonly isNullable: boolean;
  readonly isKey: boolean;
  /** Filled by the database where a row does not give it. */
  readonly isFilled: boolean;
};
export type TableShape = Readonly<Record<string, ColumnShape>>;
export type IndexShape = {
  readonly table: string;
  readonly name: string;
  readonly unique: boolean;
  readonly isKey: boolean;
  readonly fields: readonly string[];
};

type ColumnRow = ColumnShape & { readonly table: string; readonly name: string };

// A view shows no nullability and no key: both are those of the table it numbers, and its gap is null the first time.
const selectColumns = statement(
  'test.columns',
  `with tables as (
    select c.oid, c.relname, case when c.relname = 'question_attempts_numbered' then 'question_attempts'::regclass::oid else c.oid end as keyed
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
      and not c.relispartition and c.relname <> 'schema_migrations'
  )
  select t.relname as table, a.attname as name,
    format_type(a.atttypid, null) as type,
    case when t.oid = t.keyed then not a.attnotnull
      else coalesce((select not b.attnotnull from pg_attribute b where b.attrelid = t.keyed and b.attname = a.attname),
        a.attname = 'days_since_last_attempt') end as "isNullable",
    exists (
      select from pg_constraint k
      join pg_attribute b on b.attrelid = k.conrelid and b.attnum = any(k.conkey)
      where k.conrelid = t.keyed and k.contype = 'p' and b.attname = a.attname
    ) as "isKey",
    a.atthasdef as "isFilled"
  from tables t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  order by t.relname, a.attnum`,
);

const selectIndexes = statement(
  'test.indexes',
  `select t.relname as table, i.relname as name, x.indisunique as unique, x.indisprimary as "isKey",
    array(
      select a.attname::text from unnest(x.indkey::int[]) with ordinality as k (attnum, place)
      join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum
      order by k.place
    ) as fields
  from pg_index x
  join pg_class t on t.oid = x.indrelid
  join pg_class i on i.oid = x.indexrelid
  where t.relnamespace = 'public'::regnamespace and not t.relispartition and t.relname <> 'schema_migrations'`,
);

export async function listTables(database: Database): Promise<ReadonlyMap<string, TableShape>> {
  const tables = new Map<string, Record<string, ColumnShape>>();
  for (const { table, name, ...column } of await database.reader.query<ColumnRow>(selectColumns)) {
    const shape = tables.get(table) ?? {};
    shape[name] = column;
    tables.set(table, shape);
  }
  return tables;
}

export function listIndexes(database: Database): Promise<readonly IndexShape[]> {
  return database.reader.query<IndexShape>(selectIndexes);
}
