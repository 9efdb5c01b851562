import type { App } from '../app.ts';
import { isoOfText } from '../database/index.ts';
import { findMaterials } from '../stores/dashboard-material-store.ts';
import type { MaterialRow } from '../stores/dashboard-material-store.ts';
import { latestOf, minutesOf } from './dashboard-units.ts';
import { decodeCursor, encodeCursor, pageOf } from './page-cursor.ts';

export type MaterialItem = {
  readonly materialId: string;
  readonly topicId: string | null;
  /** Null for a material that the curriculum does not know. */
  readonly kind: string | null;
  readonly estimatedMinutes: number | null;
  readonly startedAt: string;
  readonly lastReadAt: string;
  readonly minutes: number;
  /** Share of the material, 0 to 1: its chunks completed, or how deep it was read as a whole, whichever is more. */
  readonly completion: number;
  /** Completed as a whole, as mastery counts it: completed chunks do not make a completed material. */
  readonly isComplete: boolean;
  readonly completedAt: string | null;
  readonly scrollDepthPercent: number;
  readonly chunksTotal: number;
  readonly chunksRead: number;
  readonly chunksCompleted: number;
  readonly revisits: number;
  readonly highlights: number;
  readonly notes: number;
  readonly isBookmarked: boolean;
};

export type MaterialProgress = {
  /** Time of the newest event among the page's materials; null for an empty page. */
  readonly asOf: string | null;
  readonly materials: readonly MaterialItem[];
  readonly nextCursor: string | null;
};

export type MaterialQuery = {
  readonly userId: string;
  readonly materialId?: string | undefined;
  readonly topicId?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | null | undefined;
};

/**
 * What a learner has read, last read first. Throws `invalid` for a foreign cursor, `not_found` for an unknown learner.
 */
export async function getMaterialProgress(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, materialId, topicId, limit, cursor }: MaterialQuery,
): Promise<MaterialProgress> {
  const rows = await findMaterials(database.reader, {
    userId,
    materialId: materialId ?? null,
    topicId: topicId ?? null,
    before: decodeCursor(cursor),
    limit: limit + 1,
  });
  if (rows.length === 0) await requireLearner(database.reader, userId);
  const { items, nextCursor } = pageOf(rows, {
    limit,
    cursorOf: (row) => encodeCursor({ at: new Date(isoOfText(row.lastReadAt)), id: row.materialId }),
  });
  return {
    asOf: isoOfText(latestOf(items.map((row) => row.lastReadAt))),
    materials: items.map(materialItem),
    nextCursor,
  };
}

function materialItem(row: MaterialRow): MaterialItem {
  return {
    materialId: row.materialId,
    topicId: row.topicId,
    kind: row.kind,
    estimatedMinutes: row.estimatedMinutes,
    startedAt: isoOfText(row.startedAt),
    lastReadAt: isoOfText(row.lastReadAt),
    minutes: minutesOf(row.seconds),
    completion: row.completedAt === null ? partialCompletion(row) : 1,
    isComplete: row.completedAt !== null,
    completedAt: isoOfText(row.completedAt),
    scrollDepthPercent: row.scrollDepthPercent,
    chunksTotal: row.chunkCount,
    chunksRead: row.chunksRead,
    chunksCompleted: row.chunksCompleted,
    revisits: row.revisits,
    highlights: row.highlights,
    notes: row.notes,
    isBookmarked: row.isBookmarked,
  };
}

function partialCompletion(row: MaterialRow): number {
  const ofChunks = row.chunkCount === 0 ? 0 : row.chunksCompleted / row.chunkCount;
  return Math.max(ofChunks, row.scrollDepthPercent / 100);
}
