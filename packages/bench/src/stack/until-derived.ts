import { findBacklog, updateLearnerJob } from '@studyin/domain/jobs';
import type { App } from '@studyin/domain/services';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchContext } from '../bench.ts';

const DERIVED_WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 1_000;

/** Waits until a worker has brought every learner up to date. Throws where one was given up, or after ten minutes. */
export async function untilDerived(
  app: App,
  { progress, signal }: Pick<BenchContext, 'progress' | 'signal'>,
): Promise<void> {
  const deadlineMs = performance.now() + DERIVED_WITHIN_MS;
  for (;;) {
    const { waiting, active, dead } = await findBacklog(app.database.reader, updateLearnerJob);
    if (dead > 0) throw new Error(`${dead} learners could not be derived`);
    if (waiting + active === 0) return;
    if (performance.now() > deadlineMs) throw new Error(`${waiting + active} learners are not derived yet`);
    progress(`${waiting + active} learners left to derive`);
    await sleep(LOOK_EVERY_MS, null, { signal });
  }
}
