// The step `daily-stats`: whoever is behind their facts is brought up to date, whatever has become of their job.
import type { App } from '../../app.ts';
import { DomainError } from '../../errors.ts';
import type { LearnerRange } from '../../stores/batch-store.ts';
import { listLagging } from '../../stores/night-store.ts';
import { updateLearner } from '../update-learner.ts';
import type { ChunkResult } from './night-step.ts';

/**
 * Updates the learners of a range who are behind; answers how many that were. One who cannot be updated is logged and left to
 * the dead letters: they must not keep the night from all others. Throws `unavailable` where the database does not answer.
 */
export async function updateLagging(app: App, range: LearnerRange): Promise<ChunkResult> {
  let rows = 0;
  let failed = 0;
  for (const userId of await listLagging(app.database.reader, range)) {
    try {
      await updateLearner(app, { userId });
      rows += 1;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unavailable') throw error;
      failed += 1;
    }
  }
  if (failed > 0) app.log.error({ event: 'nightly.learners_failed', learners: failed });
  return { rows };
}
