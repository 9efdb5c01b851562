// One transaction for many items, and what to do when it fails: an item that cannot be stored is found by halving the batch, so
// that it fails alone; a database that cannot store anything fails all.
import { sqlStateOf } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { parseEvent } from '@studyin/domain/events';
import type { ItemResult, RecordItem, RecordOutcome } from '@studyin/domain/services';

export type Commit = (items: readonly RecordItem[]) => Promise<RecordOutcome>;

/** What came of one item: its result, or the error to throw to its caller. */
export type ItemOutcome = { readonly result: ItemResult } | { readonly error: unknown };

export type BatchOutcome = {
  readonly outcomes: readonly ItemOutcome[];
  /** Null where nothing was committed. */
  readonly serverTime: string | null;
};

export type BatchFailure = { readonly items: number; readonly error: unknown };

export type CommitOptions = {
  readonly commit: Commit;
  /** Told of each transaction that was undone. */
  readonly onFailure: (failure: BatchFailure) => void;
  /** Keeps what is known of an item that was rejected because it cannot be stored, before it is answered. */
  readonly quarantine: (item: RecordItem, result: ItemResult) => Promise<void>;
};

/** Never throws. Items keep their order, also where the batch is split: of two with one id the first is the one accepted. */
export async function commitBatch(options: CommitOptions, items: readonly RecordItem[]): Promise<BatchOutcome> {
  const { commit, onFailure } = options;
  try {
    const { results, serverTime } = await commit(items);
    return { outcomes: results.map((result) => ({ result })), serverTime };
  } catch (error) {
    onFailure({ items: items.length, error });
    const [item] = items;
    if (isOfWholeDatabase(error)) return failAll(items, asUnavailable(error));
    if (item === undefined || items.length > 1) return commitHalves(options, items);
    return { outcomes: [await outcomeOfUnstorable(options, item, error)], serverTime: null };
  }
}

async function commitHalves(options: CommitOptions, items: readonly RecordItem[]): Promise<BatchOutcome> {
  const middle = Math.ceil(items.length / 2);
  const first = await commitBatch(options, items.slice(0, middle));
  const rest = items.slice(middle);
  const [problem] = first.outcomes;
  const isLost = problem !== undefined && 'error' in problem && isOfWholeDatabase(problem.error);
  const second = isLost ? failAll(rest, problem.error) : await commitBatch(options, rest);
  return {
    outcomes: [...first.outcomes, ...second.outcomes],
    serverTime: second.serverTime ?? first.serverTime,
  };
}

function failAll(items: readonly RecordItem[], error: unknown): BatchOutcome {
  return { outcomes: items.map(() => ({ error })), serverTime: null };
}

// Classes of SQLSTATE: transaction state, privileges and missing tables, resources, operator, system, internal.
const WHOLE_DATABASE = new Set(['25', '42', '53', '57', '58', 'XX']);
/** A value that PostgreSQL cannot hold; no repetition helps. */
const DATA_EXCEPTION = '22';

function isOfWholeDatabase(error: unknown): boolean {
  if (error instanceof DomainError) return true;
  return WHOLE_DATABASE.has(classOf(error));
}

/** What passes by itself is `unavailable`, so that callers repeat; missing rights or tables are ours to mend. */
function asUnavailable(error: unknown): unknown {
  if (error instanceof DomainError || classOf(error) === '42') return error;
  return new DomainError('unavailable', 'The database cannot store anything at the moment.', { cause: error });
}

async function outcomeOfUnstorable(
  { quarantine }: CommitOptions,
  item: RecordItem,
  error: unknown,
): Promise<ItemOutcome> {
  // Anything else may be a fault of ours: rejected, the client would drop what a mended release could store.
  if (classOf(error) !== DATA_EXCEPTION) return { error };
  const parsed = parseEvent(item.input);
  const eventId = parsed.ok ? parsed.event.eventId : parsed.eventId;
  const result = { eventId, status: 'rejected', reason: 'invalid', path: '' } as const;
  try {
    await quarantine(item, result);
    return { result };
  } catch (problem) {
    return { error: problem };
  }
}

function classOf(error: unknown): string {
  const state = sqlStateOf(error);
  return state?.length === 5 ? state.slice(0, 2) : '';
}
