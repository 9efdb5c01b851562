// The step `verify-sample`: a hundredth of the learners, another one each day, by brute force.
import type { App } from '../../app.ts';
import type { Chunk } from '../../stores/batch-store.ts';
import { listSample } from '../../stores/night-store.ts';
import { verify } from '../verify.ts';
import type { ChunkResult } from './night-step.ts';

/** Verifies the day's sample of a range. What is broken is counted and logged by invariant, and nothing is changed. */
export async function verifySample(app: App, chunk: Chunk): Promise<ChunkResult> {
  const userIds = await listSample(app.database.reader, chunk, chunk.day);
  if (userIds.length === 0) return { rows: 0, differences: 0 };
  const { invariants } = await verify(app, { userIds });
  const broken = invariants.filter(({ ok }) => !ok).map(({ id, count }) => [id, count] as const);
  const differences = broken.reduce((sum, [, count]) => sum + count, 0);
  const sampled = { learners: userIds.length, differences };
  if (differences === 0) app.log.info({ event: 'verify.sampled', ...sampled });
  else app.log.error({ event: 'verify.differences', ...sampled, invariants: Object.fromEntries(broken) });
  return { rows: 0, differences };
}
