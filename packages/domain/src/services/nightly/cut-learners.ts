import type { Tx } from '../../database/index.ts';
import { listChunkBounds } from '../../stores/batch-store.ts';
import type { LearnerRange } from '../../stores/batch-store.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LEARNERS_A_CHUNK = 1_000;

export const allInOne: LearnerRange = { fromUserId: FIRST_ID, toUserId: null };

/**
 * All learners, and those to come, in ranges of about a thousand. A bound is an id between two learners', so that the id of someone
 * who is erased does not live on in a payload.
 */
export async function cutLearners(tx: Tx, learnersAChunk: number = LEARNERS_A_CHUNK): Promise<readonly LearnerRange[]> {
  const bounds = await listChunkBounds(tx, learnersAChunk);
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
