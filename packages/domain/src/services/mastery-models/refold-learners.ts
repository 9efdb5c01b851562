import type { App } from '../../app.ts';
import type { Tx } from '../../database/index.ts';
import { DomainError } from '../../errors.ts';
import type { RefoldChunk } from '../../jobs/index.ts';
import { getActiveVersion, listLearnersBehind } from '../../stores/model-store.ts';
import { updateLearner } from '../update-learner.ts';

export type Refolded = { readonly learners: number; readonly failed: number };

const LEARNERS_A_PAGE = 100;
// While one waits for the database another is computed.
const LANES = 2;

/**
 * Moves the learners of a range to the active version of the mastery model, each in one transaction under their lock, so that the
 * rows of none ever mix two; runs `inSameTx` in a last one (a worker completes its job there). Killed, it is run again and goes on
 * with those who are left. Does nothing where another version than the chunk's is active. A learner who cannot be moved is
 * counted, and stays as they are until their next update or night. Throws `unavailable` where the database does not answer.
 */
export async function refoldLearners(
  app: App,
  { version, ...range }: RefoldChunk,
  inSameTx: (tx: Tx) => Promise<void> = () => Promise.resolve(),
): Promise<Refolded> {
  let refolded: Refolded = { learners: 0, failed: 0 };
  let after: string | null = null;
  for (;;) {
    if ((await getActiveVersion(app.database.reader)) !== version) break;
    const behind = await listLearnersBehind(app.database.reader, { version, ...range, after, limit: LEARNERS_A_PAGE });
    const learners = await countMoved(app, behind);
    refolded = { learners: refolded.learners + learners, failed: refolded.failed + behind.length - learners };
    after = behind.at(-1) ?? null;
    if (after === null) break;
  }
  const { failed } = refolded;
  if (failed > 0) app.log.error({ event: 'refold.learners_failed', version, learners: failed });
  await app.database.transaction(inSameTx);
  return refolded;
}

/** How many of the learners were moved. Where one lane throws the others end with the learner at hand. */
async function countMoved(app: App, userIds: readonly string[]): Promise<number> {
  const left = [...userIds];
  const lane = async (): Promise<number> => {
    let moved = 0;
    for (let userId = left.shift(); userId !== undefined; userId = left.shift()) {
      if (await isMoved(app, userId)) moved += 1;
    }
    return moved;
  };
  const lanes = await Promise.allSettled(
    Array.from({ length: LANES }, () =>
      lane().finally(() => {
        left.length = 0;
      }),
    ),
  );
  return lanes.reduce((sum, one) => {
    if (one.status === 'rejected') throw one.reason;
    return sum + one.value;
  }, 0);
}

async function isMoved(app: App, userId: string): Promise<boolean> {
  try {
    await updateLearner(app, { userId });
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'unavailable') throw error;
    return false;
  }
}
