import type { Tx } from '../../database/index.ts';
import { beginStep, insertPlannedChunks, listChunkBounds, listChunks } from '../../stores/batch-store.ts';
import type { Chunk, LearnerRange } from '../../stores/batch-store.ts';
import type { NightWork } from './next-night.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LEARNERS_A_CHUNK = 1_000;

/** Cuts a step of a night into chunks, unless that was done before; answers those that are still to be done. */
export async function planStep(
  tx: Tx,
  { step, day }: NightWork,
  { learnersAChunk = LEARNERS_A_CHUNK }: { readonly learnersAChunk?: number | undefined } = {},
): Promise<readonly Chunk[]> {
  const key = { step: step.name, day };
  if ((await listChunks(tx, key)).length === 0) {
    const bounds = step.spread === 'whole' ? [] : await listChunkBounds(tx, learnersAChunk);
    await beginStep(tx, step.name);
    await insertPlannedChunks(tx, key, rangesBetween(bounds));
  }
  const chunks = await listChunks(tx, key);
  return chunks.filter(({ isFinished }) => !isFinished).map(({ isFinished: _open, ...chunk }) => chunk);
}

// A bound is an id between two learners', so that the id of someone who is erased does not live on in a payload.
function rangesBetween(
  bounds: readonly { readonly beforeId: string; readonly userId: string }[],
): readonly LearnerRange[] {
  const starts = [FIRST_ID, ...bounds.map(({ beforeId, userId }) => idBetween(beforeId, userId))];
  return starts.map((fromUserId, n) => ({ fromUserId, toUserId: starts[n + 1] ?? null }));
}

/** In the middle, rounded up: after the first id, and at most the second. */
function idBetween(before: string, after: string): string {
  const middle = (numberOf(before) + numberOf(after) + 1n) / 2n;
  const digits = middle.toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function numberOf(id: string): bigint {
  return BigInt(`0x${id.replaceAll('-', '')}`);
}
