// Derived rows are saved by one kind of statement: insert from JSON, update what is there, and leave a row that would not
// change untouched, so that a recomputation writes nothing.
import { statement } from '../database/index.ts';
import type { Statement } from '../database/index.ts';

export type UpsertShape = {
  readonly name: string;
  readonly table: string;
  readonly key: readonly string[];
  /** Every written column with its SQL type, the key's included. `calculated_at` is added. */
  readonly columns: Readonly<Record<string, string>>;
  /** Default true. */
  readonly stamped?: boolean;
};

/** A statement that takes one JSON array of rows, keyed by column name. */
export function upsertStatement({ name, table, key, columns, stamped = true }: UpsertShape): Statement {
  const names = Object.keys(columns);
  const values = names.filter((column) => !key.includes(column));
  return statement(
    name,
    `insert into ${table} as t (${names.join(', ')})
    select ${names.map((column) => `r.${column}`).join(', ')}
    from jsonb_to_recordset($1::jsonb) as r (${names.map((column) => `${column} ${columns[column] ?? ''}`).join(', ')})
    order by ${key.map((column) => `r.${column}`).join(', ')}
    on conflict (${key.join(', ')}) do update set
      ${values.map((column) => `${column} = excluded.${column}`).join(',\n      ')}${stamped ? ',\n      calculated_at = now()' : ''}
    where (${values.map((column) => `t.${column}`).join(', ')})
      is distinct from (${values.map((column) => `excluded.${column}`).join(', ')})`,
  );
}
