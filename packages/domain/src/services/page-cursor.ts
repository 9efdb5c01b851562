// Where a page ended: the sort key of its last row, opaque to callers.
import { Buffer } from 'node:buffer';
import { DomainError } from '../errors.ts';

export type PageKey = { readonly at: Date; readonly id: string };

const MAX_LENGTH = 100;
const CONTENT = /^(\d{1,15})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
// The last millisecond of the year 2100: PostgreSQL could hold more, no event is later.
const LATEST_MS = 4_133_980_799_999;

/** Times of events are whole milliseconds, so the key loses nothing. */
export function encodeCursor({ at, id }: PageKey): string {
  return Buffer.from(`${at.getTime()}.${id}`, 'latin1').toString('base64url');
}

/** Null for no cursor. Throws `invalid` with the path `cursor` for a text that `encodeCursor` did not make. */
export function decodeCursor(cursor: string | null | undefined): PageKey | null {
  if (cursor === null || cursor === undefined) return null;
  const content = cursor.length > MAX_LENGTH ? '' : Buffer.from(cursor, 'base64url').toString('latin1');
  const [, atMs, id] = CONTENT.exec(content) ?? [];
  if (atMs === undefined || id === undefined || Number(atMs) > LATEST_MS) {
    throw new DomainError('invalid', 'The cursor is not one that a page ended with.', { path: 'cursor' });
  }
  return { at: new Date(Number(atMs)), id };
}

/** A page and the cursor of the next one, from one row more than the page holds. */
export function pageOf<Row>(
  rows: readonly Row[],
  { limit, keyOf }: { readonly limit: number; readonly keyOf: (row: Row) => PageKey },
): { readonly items: readonly Row[]; readonly nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
