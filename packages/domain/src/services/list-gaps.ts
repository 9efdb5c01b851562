import type { App } from '../app.ts';
import { isoOfText } from '../database/index.ts';
import { findOpenGaps } from '../stores/dashboard-gap-store.ts';
import type { GapRow } from '../stores/dashboard-gap-store.ts';

export type GapItem = Omit<GapRow, 'asOf'> & { readonly asOf: string };

export type GapList = {
  /** The instant up to which the learner's topics were evaluated; null without a gap. */
  readonly asOf: string | null;
  readonly gaps: readonly GapItem[];
};

/** A learner's open knowledge gaps, most urgent first. Throws `not_found` for an unknown learner. */
export async function listGaps(
  { database, requireLearner }: Pick<App, 'database' | 'requireLearner'>,
  { userId, limit }: { readonly userId: string; readonly limit: number },
): Promise<GapList> {
  const rows = await findOpenGaps(database.reader, { userId, limit });
  if (rows.length === 0) await requireLearner(database.reader, userId);
  return {
    asOf: isoOfText(rows[0]?.evaluatedAt ?? null),
    gaps: rows.map(({ evaluatedAt: _at, ...row }) => ({ ...row, asOf: isoOfText(row.asOf) })),
  };
}
