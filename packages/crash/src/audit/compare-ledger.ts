// The ledger against the tables. Pure: rows in, counts out.
import type { SentItem } from '../load/ledger.ts';

export type StoredEvent = {
  readonly userId: string;
  readonly id: string;
  readonly eventType: string;
  readonly questionId: string | null;
  readonly selectedAnswer: string | null;
  /** Rows of the event, and of its answer. */
  readonly events: number;
  readonly attempts: number;
};

export type Comparison = {
  readonly acknowledged: number;
  /** Acknowledged and stored as it was sent, an answer together with its attempt. */
  readonly found: number;
  readonly missing: number;
  /** Stored more than once. */
  readonly doubled: number;
  /** Stored, and sent by nobody. */
  readonly foreign: number;
};

export type Claims = {
  readonly acknowledged: readonly SentItem[];
  readonly wasSent: (eventId: string) => boolean;
  /** Ids that were acknowledged, gone, and accepted again: they are stored, and were missing all the same. */
  readonly lost: readonly string[];
};

export function compareLedger({ acknowledged, wasSent, lost }: Claims, stored: readonly StoredEvent[]): Comparison {
  const rows = new Map(stored.map((row) => [row.id, row]));
  const lostIds = new Set(lost);
  const found = acknowledged.filter((item) => !lostIds.has(item.eventId) && isStored(item, rows.get(item.eventId)));
  return {
    acknowledged: acknowledged.length,
    found: found.length,
    missing: acknowledged.length - found.length,
    doubled: stored.filter(({ events, attempts }) => events > 1 || attempts > 1).length,
    foreign: stored.filter(({ id }) => !wasSent(id)).length,
  };
}

function isStored(item: SentItem, row: StoredEvent | undefined): boolean {
  if (row === undefined) return false;
  const isWhole = row.attempts >= (item.eventType === 'question_attempt' ? 1 : 0);
  const isSame = (['userId', 'eventType', 'questionId', 'selectedAnswer'] as const).every(
    (key) => row[key] === item[key],
  );
  return isWhole && isSame;
}
