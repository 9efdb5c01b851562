import type { App } from '../app.ts';
import { deleteQuarantine, listQuarantineRows } from '../stores/quarantine-store.ts';
import type { QuarantineFilter, StoredQuarantineRow } from '../stores/quarantine-store.ts';
import { filterOf } from './list-quarantine.ts';
import type { QuarantineScope } from './list-quarantine.ts';
import type { KeptItem } from './quarantine-items.ts';
import { recordItems } from './record-events.ts';
import type { ItemResult } from './record-events.ts';

const CHUNK = 500;

export type ReplayProgress = {
  /** Items tried. */
  readonly tried: number;
  /** Stored now, or found stored; their rows are gone. */
  readonly accepted: number;
  readonly duplicate: number;
  /** Of learners who were erased since; their rows are gone. */
  readonly erased: number;
  /** Still in quarantine. */
  readonly kept: number;
};

export type ReplayOptions = QuarantineScope & {
  readonly reason?: 'unknown_topic' | 'unknown_material' | undefined;
  /** Items to try at most, oldest first. */
  readonly limit: number;
  /** Does all of it and undoes it: what is answered is what would come of it now. */
  readonly dryRun?: boolean;
  /** Aborted, it ends between two chunks and throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: ReplayProgress) => void;
};

/**
 * Records quarantined items again, after a curriculum that knows their topic or material was imported. What is accepted or was
 * stored already leaves the quarantine, and so does an item of an erased learner; the rest stays. May be broken off and repeated
 * at any time, and two at once lose and double nothing.
 */
export async function replayQuarantine(
  app: App,
  { limit, dryRun = false, signal, onProgress, ...scope }: ReplayOptions,
): Promise<ReplayProgress> {
  const filter = filterOf(scope);
  let progress: ReplayProgress = { tried: 0, accepted: 0, duplicate: 0, erased: 0, kept: 0 };
  let after: Position | null = null;
  await app.curriculum.refresh();
  while (progress.tried < limit) {
    signal?.throwIfAborted();
    const rows = await listReplayable(app, { ...filter, after, limit: Math.min(CHUNK, limit - progress.tried) });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = { at: last.receivedAt, id: last.id };
    progress = add(progress, await replayRows(app, rows, dryRun));
    onProgress?.(progress);
  }
  return progress;
}

type Position = { readonly at: Date; readonly id: string };
type Page = QuarantineFilter & { readonly after: Position | null; readonly limit: number };

function listReplayable(app: App, page: Page): Promise<readonly StoredQuarantineRow[]> {
  return listQuarantineRows(app.database.reader, { ...page, isReplayable: true });
}

async function replayRows(
  app: App,
  rows: readonly StoredQuarantineRow[],
  dryRun: boolean,
): Promise<readonly ItemResult[]> {
  const { results } = await recordItems(
    app,
    rows.map(({ userId, item }) => {
      const { event, origin } = item as KeptItem; // as: written by quarantineItems
      return { userId, input: event, origin, hasStoredSession: true };
    }),
    { undo: dryRun },
  );
  if (dryRun) return results;
  const done = rows.filter((_, position) => isDone(results[position]));
  await app.database.transaction((tx) =>
    deleteQuarantine(
      tx,
      done.map(({ id }) => id),
    ),
  );
  return results;
}

function isDone(result: ItemResult | undefined): boolean {
  return result?.status === 'accepted' || result?.status === 'duplicate' || result?.reason === 'erased';
}

function add(progress: ReplayProgress, results: readonly ItemResult[]): ReplayProgress {
  const count = (isCounted: (result: ItemResult) => boolean): number => results.filter(isCounted).length;
  return {
    tried: progress.tried + results.length,
    accepted: progress.accepted + count(({ status }) => status === 'accepted'),
    duplicate: progress.duplicate + count(({ status }) => status === 'duplicate'),
    erased: progress.erased + count(({ reason }) => reason === 'erased'),
    kept: progress.kept + count((result) => !isDone(result)),
  };
}
