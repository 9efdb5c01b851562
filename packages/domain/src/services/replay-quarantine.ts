import type { App } from '../app.ts';
import { deleteQuarantine, listQuarantineRows } from '../stores/quarantine-store.ts';
import type { QuarantineReason, StoredQuarantineRow } from '../stores/quarantine-store.ts';
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
  /** Still in quarantine. */
  readonly kept: number;
};

export type ReplayOptions = {
  readonly reason?: 'unknown_topic' | 'unknown_material' | undefined;
  /** Items to try at most, oldest first. */
  readonly limit: number;
  readonly onProgress?: (progress: ReplayProgress) => void;
};

/**
 * Records quarantined items again, after a curriculum that knows their topic or material was imported. What is accepted or was
 * stored already leaves the quarantine, and so does an item of an erased learner; the rest stays. May be broken off and repeated
 * at any time, and two at once lose and double nothing.
 */
export async function replayQuarantine(
  app: App,
  { reason, limit, onProgress }: ReplayOptions,
): Promise<ReplayProgress> {
  let progress: ReplayProgress = { tried: 0, accepted: 0, duplicate: 0, kept: 0 };
  let after: { readonly at: Date; readonly id: string } | null = null;
  await app.curriculum.refresh();
  while (progress.tried < limit) {
    const rows = await listReplayable(app, { reason, after, limit: Math.min(CHUNK, limit - progress.tried) });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = { at: last.receivedAt, id: last.id };
    progress = add(progress, await replayRows(app, rows));
    onProgress?.(progress);
  }
  return progress;
}

type Page = {
  readonly reason: QuarantineReason | undefined;
  readonly after: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
};

function listReplayable(app: App, { reason, ...page }: Page): Promise<readonly StoredQuarantineRow[]> {
  return listQuarantineRows(app.database.reader, { ...page, reason: reason ?? null, isReplayable: true });
}

async function replayRows(app: App, rows: readonly StoredQuarantineRow[]): Promise<readonly ItemResult[]> {
  const { results } = await recordItems(
    app,
    rows.map(({ userId, item }) => {
      const { event, origin } = item as KeptItem; // as: written by quarantineItems
      return { userId, input: event, origin, hasStoredSession: true };
    }),
  );
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
  const count = (status: ItemResult['status']): number => results.filter((result) => result.status === status).length;
  return {
    tried: progress.tried + results.length,
    accepted: progress.accepted + count('accepted'),
    duplicate: progress.duplicate + count('duplicate'),
    kept: progress.kept + results.filter((result) => !isDone(result)).length,
  };
}
