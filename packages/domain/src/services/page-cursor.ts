// Where a page ended: the sort key of its last row, opaque to callers.
import { Buffer } from 'node:buffer';
import type { z } from 'zod';
import { DomainError } from '../errors.ts';

export type PageKey = { readonly at: Date; readonly id: string };

const MAX_LENGTH = 300;
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
  const [, atMs, id] = CONTENT.exec(contentOf(cursor)) ?? [];
  if (atMs === undefined || id === undefined || Number(atMs) > LATEST_MS) throw foreignCursor();
  return { at: new Date(Number(atMs)), id };
}

/** Cursors of a list whose sort key is more than a time and an id. */
export type KeyCursor<Key> = {
  encode(key: Key): string;
  /** Null for no cursor. Throws `invalid` with the path `cursor` for a text that `encode` did not make for this list. */
  decode(cursor: string | null | undefined): Key | null;
};

/** Makes the cursors of one list. The name of the list is part of them: those of another do not fit. */
export function createKeyCursor<Schema extends z.ZodType>(list: string, key: Schema): KeyCursor<z.output<Schema>> {
  return {
    encode: (values) => Buffer.from(JSON.stringify([list, values]), 'latin1').toString('base64url'),
    decode: (cursor) => {
      if (cursor === null || cursor === undefined) return null;
      const content = parseJson(contentOf(cursor));
      const parsed = key.safeParse(Array.isArray(content) && content[0] === list ? content[1] : undefined);
      if (!parsed.success) throw foreignCursor();
      return parsed.data;
    },
  };
}

function contentOf(cursor: string): string {
  return cursor.length > MAX_LENGTH ? '' : Buffer.from(cursor, 'base64url').toString('latin1');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function foreignCursor(): DomainError {
  return new DomainError('invalid', 'The cursor is not one that a page ended with.', { path: 'cursor' });
}

/** A page and the cursor of the next one, from one row more than the page holds. */
export function pageOf<Row>(
  rows: readonly Row[],
  { limit, cursorOf }: { readonly limit: number; readonly cursorOf: (last: Row) => string },
): { readonly items: readonly Row[]; readonly nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
