import type { App } from '../app.ts';
import { countQuarantineRows, listQuarantineRows } from '../stores/quarantine-store.ts';
import type { QuarantineCount, QuarantineFilter, QuarantineReason } from '../stores/quarantine-store.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';

export type QuarantinedItem = {
  readonly id: string;
  /** Whose item it is; where that cannot be said, who sent it. */
  readonly userId: string;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly reason: QuarantineReason;
  /** Keys joined by dots; never a value. */
  readonly path: string | null;
  /** Whether the item itself is kept. */
  readonly isReplayable: boolean;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string;
};

/** What of the quarantine is meant; absent: all of it. */
export type QuarantineScope = {
  readonly reason?: QuarantineReason | undefined;
  readonly userId?: string | undefined;
  /** Received then or later. */
  readonly since?: Date | undefined;
};

export type QuarantineQuery = QuarantineScope & {
  /** At least 1. */
  readonly limit: number;
  readonly cursor?: string | null | undefined;
};

/** Rejected items in order of arrival. Throws `invalid` for a cursor that no page ended with. */
export async function listQuarantine(
  app: Pick<App, 'database'>,
  { limit, cursor, ...scope }: QuarantineQuery,
): Promise<{ readonly items: readonly QuarantinedItem[]; readonly nextCursor: string | null }> {
  const page = { ...filterOf(scope), after: decodeCursor(cursor), limit: limit + 1, isReplayable: false };
  const rows = await listQuarantineRows(app.database.reader, page);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ item, receivedAt, ...row }) => ({
      ...row,
      isReplayable: item !== null,
      receivedAt: receivedAt.toISOString(),
    })),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor({ at: last.receivedAt, id: last.id }) : null,
  };
}

/** How many rejected items there are, by reason, the most frequent first. */
export function countQuarantine(
  app: Pick<App, 'database'>,
  scope: QuarantineScope = {},
): Promise<readonly QuarantineCount[]> {
  return countQuarantineRows(app.database.reader, filterOf(scope));
}

/** A scope as the store takes it. */
export function filterOf({ reason, userId, since }: QuarantineScope): QuarantineFilter {
  return { reason: reason ?? null, userId: userId ?? null, since: since ?? null };
}
