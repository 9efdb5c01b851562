// The limit of ingest: the product's own statements for all tables and for the queue, 500 items a transaction on two connections.
// No HTTP, and the items are checked before the clock starts.
import { checkItems, recordInTx } from '@studyin/domain/services';
import type { AcceptableItem, App, ItemResult, RecordItem } from '@studyin/domain/services';
import { createAttemptSource, learnerId } from '../load/attempt-source.ts';
import { wireItem } from '../load/prepare-calls.ts';
import type { Measured } from '../measure/alternate-rounds.ts';

export type LimitOrder = {
  readonly seed: string;
  readonly learners: number;
  /** Calls of so many answers of one learner, as the product gets them. */
  readonly attemptsACall: number;
  readonly calls: number;
  readonly seconds: number;
};

export const LANES = 2;
const ITEMS_A_TRANSACTION = 500;

/** For each lane its transactions. */
type Transactions = readonly (readonly (readonly AcceptableItem[])[])[];

/** Rate in items a second; runs `begin` between preparing and the clock's start. */
export async function measureIngestLimit(app: App, order: LimitOrder, begin: () => Promise<void>): Promise<Measured> {
  const lanes = await prepareTransactions(app, order);
  await begin();
  const startedMs = performance.now();
  const stop = { isDue: false };
  const stored = await Promise.all(
    lanes.map(async (transactions) => {
      const results: ItemResult[] = [];
      for (const acceptable of transactions) {
        if (stop.isDue || performance.now() - startedMs > order.seconds * 1000) break;
        const recorded = await app.database.transaction((tx) => recordInTx(app, tx, acceptable));
        results.push(...(await recorded.results).values());
      }
      stop.isDue = true; // one lane alone is not what is measured
      return results;
    }),
  );
  const elapsedMs = performance.now() - startedMs;
  const results = stored.flat();
  const refused = results.find(({ status }) => status !== 'accepted' && status !== 'duplicate');
  const fault = refused === undefined ? null : `an item of the limit was ${refused.status}: ${refused.reason}`;
  return { rate: (results.length / elapsedMs) * 1000, fault };
}

// A learner keeps to one connection, so that none waits for a lock of the other.
async function prepareTransactions(app: App, order: LimitOrder): Promise<Transactions> {
  const { seed, learners, attemptsACall, calls } = order;
  const source = createAttemptSource({ seed, learners, nowMs: Date.now() });
  const items: RecordItem[][] = Array.from({ length: LANES }, () => []);
  for (let call = 0; call < calls; call += 1) {
    const { learner, attempts } = source.next(attemptsACall);
    const origin = { clientIp: '127.0.0.0', deviceType: 'other' };
    const lane = items[learner % LANES];
    lane?.push(...attempts.map((attempt) => ({ userId: learnerId(learner), input: wireItem(attempt), origin })));
  }
  const refused = new Map<number, ItemResult>();
  const checked = await checkItems(app, items.flat(), refused);
  if (refused.size > 0) throw new Error(`${refused.size} items of the limit were refused before they were sent`);
  const [first = []] = items;
  const ofFirst = checked.filter(({ position }) => position < first.length);
  return [ofFirst, checked.slice(ofFirst.length)].map(inTransactions);
}

function inTransactions(items: readonly AcceptableItem[]): (readonly AcceptableItem[])[] {
  const count = Math.ceil(items.length / ITEMS_A_TRANSACTION);
  return Array.from({ length: count }, (_, n) => items.slice(n * ITEMS_A_TRANSACTION, (n + 1) * ITEMS_A_TRANSACTION));
}
