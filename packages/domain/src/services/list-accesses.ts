import type { App } from '../app.ts';
import { listAccessEntries } from '../stores/access-store.ts';
import { decodeCursor, encodeCursor, pageOf } from './page-cursor.ts';
import { openReason } from './record-access.ts';
import { subjectOf } from './subject.ts';

export type AccessItem = {
  readonly at: string;
  readonly actorId: string;
  readonly actorRole: string;
  /** What was done, for example `dashboard.overview`. */
  readonly action: string;
  readonly reason: string | null;
  readonly requestId: string | null;
};

export type AccessList = { readonly accesses: readonly AccessItem[]; readonly nextCursor: string | null };

export type AccessQuery = {
  readonly userId: string;
  readonly limit: number;
  readonly cursor?: string | null | undefined;
};

/**
 * Who read or changed a learner's data, newest first. Empty for somebody whom nobody looked at, known or not: after an erasure the
 * log is still there. Throws `invalid` for a foreign cursor.
 */
export async function listAccesses(
  { database, keys }: Pick<App, 'database' | 'keys'>,
  { userId, limit, cursor }: AccessQuery,
): Promise<AccessList> {
  const subject = subjectOf(keys.subject, userId);
  const rows = await listAccessEntries(database.reader, { subject, before: decodeCursor(cursor), limit: limit + 1 });
  const { items, nextCursor } = pageOf(rows, { limit, cursorOf: ({ at, id }) => encodeCursor({ at, id }) });
  const accesses = items.map(({ id: _id, at, ...row }) => ({
    at: at.toISOString(),
    ...row,
    reason: openReason(keys, row.reason, { ...row, subject }),
  }));
  return { accesses, nextCursor };
}
