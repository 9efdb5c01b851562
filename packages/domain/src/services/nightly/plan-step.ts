import type { Tx } from '../../database/index.ts';
import { beginStep, insertPlannedChunks, listChunks } from '../../stores/batch-store.ts';
import type { Chunk } from '../../stores/batch-store.ts';
import { allInOne, cutLearners } from './cut-learners.ts';
import type { NightWork } from './next-night.ts';

/** Cuts a step of a night into chunks, unless that was done before; answers those that are still to be done. */
export async function planStep(
  tx: Tx,
  { step, day }: NightWork,
  { learnersAChunk }: { readonly learnersAChunk?: number | undefined } = {},
): Promise<readonly Chunk[]> {
  const key = { step: step.name, day };
  if ((await listChunks(tx, key)).length === 0) {
    const ranges = step.spread === 'whole' ? [allInOne] : await cutLearners(tx, learnersAChunk);
    await beginStep(tx, step.name);
    await insertPlannedChunks(tx, key, ranges);
  }
  const chunks = await listChunks(tx, key);
  return chunks.filter(({ isFinished }) => !isFinished).map(({ isFinished: _open, ...chunk }) => chunk);
}
