// Derived rows are saved by one kind of statement: insert from arrays of columns, update what is there, and leave a row that would
// not change untouched, so that a recomputation writes nothing.
import { statement } from '../database/index.ts';
import type { Statement, Tx } from '../database/index.ts';
import { columnArrays, fromColumnArrays } from './column-arrays.ts';
import type { ColumnRow, Columns } from './column-arrays.ts';

export type UpsertShape = {
  readonly name: string;
  readonly table: string;
  readonly key: readonly string[];
  /** Every written column with its SQL type, the key's included. `calculated_at` is added. */
  readonly columns: Columns;
  /** Default true. */
  readonly stamped?: boolean;
};

/** Saves rows keyed by column name, each key once. Sent, not waited for; without rows not even sent. */
export type Upsert = (tx: Tx, rows: readonly ColumnRow[]) => void;

export function upsertOf(shape: UpsertShape): Upsert {
  const save = upsertStatement(shape);
  return (tx, rows) => {
    if (rows.length > 0) tx.send(save, columnArrays(shape.columns, rows));
  };
}

function upsertStatement({ name, table, key, columns, stamped = true }: UpsertShape): Statement {
  const names = Object.keys(columns);
  const values = names.filter((column) => !key.includes(column));
  return statement(
    name,
    `insert into ${table} as t (${names.join(', ')})
    select ${names.map((column) => `r.${column}`).join(', ')}
    from ${fromColumnArrays(columns)}
    order by ${key.map((column) => `r.${column}`).join(', ')}
    on conflict (${key.join(', ')}) do update set
      ${values.map((column) => `${column} = excluded.${column}`).join(',\n      ')}${stamped ? ',\n      calculated_at = now()' : ''}
    where (${values.map((column) => `t.${column}`).join(', ')})
      is distinct from (${values.map((column) => `excluded.${column}`).join(', ')})`,
  );
}
