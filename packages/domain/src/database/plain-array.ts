type Plain = string | number | boolean | Date | null;

/**
 * The text of a PostgreSQL array whose members need no quotes: ids, days, times, numbers, booleans. The driver would look through
 * each for what must be escaped, which for a batch costs more than the rest of what is done with it.
 */
export function plainArray(values: readonly Plain[]): string {
  let text = '{';
  for (const [index, value] of values.entries()) {
    if (index > 0) text += ',';
    text += value === null ? 'NULL' : value instanceof Date ? value.toISOString() : value;
  }
  return `${text}}`;
}
