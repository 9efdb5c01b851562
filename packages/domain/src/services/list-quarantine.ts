import type { App } from '../app.ts';
import { listQuarantineRows } from '../stores/quarantine-store.ts';
import type { QuarantineReason } from '../stores/quarantine-store.ts';
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

export type QuarantineQuery = {
  readonly reason?: QuarantineReason | undefined;
  /** At least 1. */
  readonly limit: number;
  readonly cursor?: string | null | undefined;
};

/** Rejected items in order of arrival. Throws `invalid` for a cursor that no page ended with. */
export async function listQuarantine(
  app: Pick<App, 'database'>,
  { reason, limit, cursor }: QuarantineQuery,
): Promise<{ readonly items: readonly QuarantinedItem[]; readonly nextCursor: string | null }> {
  const page = { reason: reason ?? null, after: decodeCursor(cursor), limit: limit + 1, isReplayable: false };
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
