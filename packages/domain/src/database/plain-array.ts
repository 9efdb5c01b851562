type Plain = string | number | boolean | Date | null;

/**
 * The text of a PostgreSQL array whose members need no quotes: ids, days, times, numbers, booleans. The driver would look through
 * each for what must be escaped, which for a batch costs more than the rest of what is done with it.
 */
export function plainArray(values: readonly Plain[]): string {
  return `{${values.map(textOf).join(',')}}`; // one text: one that grows by its members would be a tree of as many
}

function textOf(value: Plain): string | number | boolean {
  if (value === null) return 'NULL';
  return value instanceof Date ? value.toISOString() : value;
}
