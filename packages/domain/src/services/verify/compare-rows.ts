// Stored rows against expected ones, and each stored value against its bounds.
import { verifiedTables } from '../../stores/verify-tables.ts';
import type { ColumnKind, Row, RowValue, VerifiedName, VerifiedTable } from '../../stores/verify-tables.ts';
import type { Finding } from './findings.ts';

export type RowSets = { readonly expected: readonly Row[]; readonly stored: readonly Row[] };

const TOLERANCE = 1e-9;

/** Rows that are missing, that no fact makes, or that differ; one finding a row. */
export function compareRows(name: VerifiedName, { expected, stored }: RowSets): readonly Finding[] {
  const shape: VerifiedTable = verifiedTables[name];
  const keyOf = (row: Row): string =>
    Object.keys(shape.key)
      .map((column) => String(row[column]))
      .join(' ');
  const storedByKey = new Map(stored.map((row) => [keyOf(row), row]));
  const expectedKeys = new Set(expected.map(keyOf));
  const found = (row: Row, what: string): Finding => ({
    invariant: shape.invariant,
    example: `${describeRow(shape, row)}: ${what}`,
  });
  const unequal = expected.flatMap((row) => {
    const there = storedByKey.get(keyOf(row));
    if (there === undefined) return [found(row, 'the row is missing')];
    const differences = describeDifferences(shape, row, there);
    return differences === '' ? [] : [found(row, differences)];
  });
  const surplus = stored.filter((row) => !expectedKeys.has(keyOf(row)));
  return [...unequal, ...surplus.map((row) => found(row, 'there is such a row, and no fact that makes it'))];
}

/** Values outside what their column may hold, and parts that exceed their whole. */
export function checkBounds(name: VerifiedName, stored: readonly Row[]): readonly Finding[] {
  const shape: VerifiedTable = verifiedTables[name];
  return stored.flatMap((row) => {
    const outside = Object.entries(shape.columns)
      .filter(([column, kind]) => !isWithin(kind, row[column] ?? null))
      .map(([column, kind]) => `${column} is ${show(row[column])}, expected ${boundsOf(kind)}`);
    const tooMany = shape.parts
      .filter(([part, whole]) => Number(row[part]) > Number(row[whole]))
      .map(([part, whole]) => `${part} is ${show(row[part])}, expected at most ${whole} = ${show(row[whole])}`);
    const faults = [...outside, ...tooMany];
    return faults.length === 0
      ? []
      : [{ invariant: 'bounded', example: `${describeRow(shape, row)}: ${faults.join('; ')}` }];
  });
}

function describeRow({ table, key }: VerifiedTable, row: Row): string {
  const columns = ['user_id', ...Object.keys(key)].map((column) => `${column}=${show(row[column])}`);
  return `${table} ${columns.join(' ')}`;
}

function describeDifferences({ columns }: VerifiedTable, expected: Row, stored: Row): string {
  return Object.entries(columns)
    .filter(([column, kind]) => !isSame(kind, expected[column] ?? null, stored[column] ?? null))
    .map(
      ([column, kind]) => `${column} expected ${showAs(kind, expected[column])}, found ${showAs(kind, stored[column])}`,
    )
    .join('; ');
}

function isSame(kind: ColumnKind, expected: RowValue, stored: RowValue): boolean {
  if (kind === 'list') return isSameJson(expected, stored);
  return kind === 'share' || kind === 'amount' || kind === 'number' ? isClose(expected, stored) : expected === stored;
}

function isClose(expected: unknown, stored: unknown): boolean {
  if (typeof expected !== 'number' || typeof stored !== 'number') return expected === stored;
  return Math.abs(expected - stored) <= TOLERANCE * Math.max(1, Math.abs(expected));
}

/** Lists in their order, objects whatever the order of their keys. */
function isSameJson(expected: unknown, stored: unknown): boolean {
  if (!isObject(expected) || !isObject(stored)) return isClose(expected, stored);
  const keys = Object.keys(expected);
  return (
    Array.isArray(expected) === Array.isArray(stored) &&
    keys.length === Object.keys(stored).length &&
    keys.every((key) => Object.hasOwn(stored, key) && isSameJson(expected[key], stored[key]))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isWithin(kind: ColumnKind, value: RowValue): boolean {
  if (typeof value !== 'number') return true;
  switch (kind) {
    case 'share':
      return value >= 0 && value <= 1;
    case 'amount':
      return value >= 0 && Number.isFinite(value);
    case 'count':
      return value >= 0 && Number.isInteger(value);
    case 'change':
    case 'number':
    case 'time':
      return Number.isFinite(value);
    case 'id':
    case 'text':
    case 'flag':
    case 'day':
    case 'list':
      return true;
  }
}

function boundsOf(kind: ColumnKind): string {
  if (kind === 'share') return '0 to 1';
  return kind === 'count' || kind === 'amount' ? '0 or more' : 'a finite number';
}

function showAs(kind: ColumnKind, value: RowValue | undefined): string {
  if (kind === 'time' && typeof value === 'number' && Number.isFinite(value)) return new Date(value).toISOString();
  return show(value);
}

function show(value: RowValue | undefined): string {
  if (value === undefined || value === null) return 'null';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
