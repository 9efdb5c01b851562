// Group commit. Calls that come at the same time share transactions: each lane writes one batch at a time, and what queues up
// meanwhile is its next. No timer: a lone call goes at once, and the busier it gets the larger the batches.
import { DomainError } from '@studyin/domain/errors';
import type { ItemResult, RecordItem, RecordOutcome } from '@studyin/domain/services';
import { commitBatch } from './commit-batch.ts';
import type { Commit, CommitOptions } from './commit-batch.ts';
import { itemWeight } from './item-weight.ts';
import { laneOf } from './lane-of.ts';

export type GroupCommitOptions = CommitOptions & {
  /** Transactions at a time; each needs a connection. */
  readonly lanes: number;
  /** Items waiting or being written at most; a large one counts as several. */
  readonly queueItems: number;
  /** Items of one transaction at most. Default 500. */
  readonly batchItems?: number;
  /** Told of each batch when its callers can be answered. */
  readonly onCommit?: (batch: { readonly items: number; readonly elapsedMs: number }) => void;
  /** Told of each call that is refused because the queue is full. */
  readonly onOverload?: (call: { readonly items: number; readonly queued: number }) => void;
};

export type GroupCommit = {
  /** Answers after the commit, each item in the order given. Throws `too_many_requests` where the queue is full. */
  readonly record: Commit;
  /** What waits or is being written, in items. */
  queued(): number;
  /** Resolves when nothing is queued any more, at the latest after `timeoutMs`. */
  settled(timeoutMs: number): Promise<void>;
};

type Part = {
  readonly items: readonly RecordItem[];
  readonly resolve: (outcome: RecordOutcome) => void;
  readonly reject: (error: unknown) => void;
};

/** Items of one call that go to one lane, with their places in the call. */
type Share = { readonly lane: number; readonly places: number[]; readonly items: RecordItem[] };

export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { lanes, queueItems, batchItems = 500, onOverload = () => undefined } = options;
  const writers = Array.from({ length: lanes }, () => createLane(options, batchItems));
  let queued = 0;
  const waiting = new Set<() => void>();
  const release = (weight: number): void => {
    queued -= weight;
    if (queued === 0) for (const wake of waiting) wake();
  };
  return {
    queued: () => queued,
    record: async (items) => {
      const weight = items.reduce((sum, { input }) => sum + itemWeight(input), 0);
      // A call larger than the whole queue still goes when nothing else is in it.
      if (queued > 0 && queued + weight > queueItems) {
        onOverload({ items: items.length, queued });
        throw new DomainError('too_many_requests', `${queued} items are waiting already.`);
      }
      queued += weight;
      try {
        return await writeShares(writers, items, batchItems);
      } finally {
        release(weight);
      }
    },
    settled: (timeoutMs) => settle(waiting, timeoutMs, () => queued === 0),
  };
}

async function settle(waiting: Set<() => void>, timeoutMs: number, isDone: () => boolean): Promise<void> {
  if (isDone()) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      waiting.delete(end);
      resolve();
    };
    const timer = setTimeout(end, timeoutMs);
    waiting.add(end);
  });
}

type Lane = (items: readonly RecordItem[]) => Promise<RecordOutcome>;

async function writeShares(
  writers: readonly Lane[],
  items: readonly RecordItem[],
  batchItems: number,
): Promise<RecordOutcome> {
  const shares = sharesOf(items, { lanes: writers.length, batchItems });
  const [only] = shares;
  if (only !== undefined && shares.length === 1) return writerOf(writers, only)(items);
  // All are waited for: what one share threw must not let the call's place in the queue go while another is being written.
  const settled = await Promise.allSettled(shares.map((share) => writerOf(writers, share)(share.items)));
  const outcomes = settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  return join(items.length, shares, outcomes);
}

function writerOf(writers: readonly Lane[], { lane }: Share): Lane {
  const writer = writers[lane];
  if (writer === undefined) throw new RangeError(`there is no lane ${lane}`);
  return writer;
}

function sharesOf(
  items: readonly RecordItem[],
  { lanes, batchItems }: { readonly lanes: number; readonly batchItems: number },
): readonly Share[] {
  const open = new Map<number, Share>();
  const shares: Share[] = [];
  for (const [place, item] of items.entries()) {
    const lane = laneOf(item.userId.toLowerCase(), lanes);
    let share = open.get(lane);
    if (share === undefined || share.items.length >= batchItems) {
      share = { lane, places: [], items: [] };
      open.set(lane, share);
      shares.push(share);
    }
    share.places.push(place);
    share.items.push(item);
  }
  return shares;
}

function join(count: number, shares: readonly Share[], outcomes: readonly RecordOutcome[]): RecordOutcome {
  const byPlace = new Map<number, ItemResult>();
  for (const [index, { places }] of shares.entries()) {
    for (const [nth, result] of (outcomes[index]?.results ?? []).entries()) byPlace.set(places[nth] ?? -1, result);
  }
  const results = Array.from({ length: count }, (_, place) => {
    const result = byPlace.get(place);
    if (result === undefined) throw new Error('an item was left without a result');
    return result;
  });
  const times = outcomes.map(({ serverTime }) => serverTime).sort();
  return { results, serverTime: times.at(-1) ?? new Date().toISOString() };
}

function createLane(options: GroupCommitOptions, batchItems: number): Lane {
  const queue: Part[] = [];
  let running = false;
  const run = async (): Promise<void> => {
    // What came in the same turn of the event loop goes together.
    for (await nextTurn(); queue.length > 0; await nextTurn()) await writeBatch(options, takeBatch(queue, batchItems));
    running = false;
  };
  return (items) =>
    new Promise<RecordOutcome>((resolve, reject) => {
      queue.push({ items, resolve, reject });
      if (running) return;
      running = true;
      void run();
    });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Takes what fits, oldest first; a call's items stay together. */
function takeBatch(queue: Part[], batchItems: number): readonly Part[] {
  let items = 0;
  let parts = 0;
  for (const part of queue) {
    if (parts > 0 && items + part.items.length > batchItems) break;
    items += part.items.length;
    parts += 1;
  }
  return queue.splice(0, parts);
}

async function writeBatch(options: GroupCommitOptions, parts: readonly Part[]): Promise<void> {
  const items = parts.flatMap((part) => part.items);
  const started = performance.now();
  const { outcomes, serverTime } = await commitBatch(options, items);
  options.onCommit?.({ items: items.length, elapsedMs: performance.now() - started });
  let from = 0;
  for (const { items: own, resolve, reject } of parts) {
    const results: ItemResult[] = [];
    let problem: { readonly error: unknown } | null = null;
    for (const outcome of outcomes.slice(from, from + own.length)) {
      if ('result' in outcome) results.push(outcome.result);
      else problem ??= outcome;
    }
    from += own.length;
    if (problem !== null) reject(problem.error);
    else resolve({ results, serverTime: serverTime ?? new Date().toISOString() });
  }
}
