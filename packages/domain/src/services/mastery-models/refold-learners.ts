import type { App } from '../../app.ts';
import type { Tx } from '../../database/index.ts';
import { DomainError } from '../../errors.ts';
import type { RefoldChunk } from '../../jobs/index.ts';
import { getActiveVersion, listLearnersBehind } from '../../stores/model-store.ts';
import { updateLearner } from '../update-learner.ts';

export type Refolded = { readonly learners: number; readonly failed: number };

const LEARNERS_A_PAGE = 100;

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
  let learners = 0;
  let failed = 0;
  let after: string | null = null;
  for (;;) {
    if ((await getActiveVersion(app.database.reader)) !== version) break;
    const behind = await listLearnersBehind(app.database.reader, { version, ...range, after, limit: LEARNERS_A_PAGE });
    for (const userId of behind) {
      if (await isMoved(app, userId)) learners += 1;
      else failed += 1;
    }
    after = behind.at(-1) ?? null;
    if (after === null) break;
  }
  if (failed > 0) app.log.error({ event: 'refold.learners_failed', version, learners: failed });
  await app.database.transaction(inSameTx);
  return { learners, failed };
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
