// The step `daily-stats`: whoever is behind their facts is brought up to date, whatever has become of their job.
import type { App } from '../../app.ts';
import { DomainError } from '../../errors.ts';
import type { LearnerRange } from '../../stores/batch-store.ts';
import { listLagging } from '../../stores/night-store.ts';
import { groupLearners } from '../group-learners.ts';
import { updateLearners } from '../update-learner.ts';
import type { ChunkResult } from './night-step.ts';

/**
 * Updates the learners of a range who are behind, a group in one transaction; answers how many that were. One who cannot be
 * updated is logged and left to the dead letters: they must not keep the night from all others. Throws `unavailable` where the
 * database does not answer.
 */
export async function updateLagging(app: App, range: LearnerRange): Promise<ChunkResult> {
  const lagging = await listLagging(app.database.reader, range);
  let rows = 0;
  for (const group of groupLearners(lagging)) rows += await updateGroup(app, group);
  const failed = lagging.length - rows;
  if (failed > 0) app.log.error({ event: 'nightly.learners_failed', learners: failed });
  return { rows };
}

/** How many were updated: of a group that fails each learner alone, to find the one who does. */
async function updateGroup(app: App, userIds: readonly string[]): Promise<number> {
  try {
    await updateLearners(app, userIds);
    return userIds.length;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'unavailable') throw error;
    if (userIds.length === 1) return 0;
  }
  let updated = 0;
  for (const userId of userIds) updated += await updateGroup(app, [userId]);
  return updated;
}
