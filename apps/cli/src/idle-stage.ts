import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@studyin/domain/errors';
import { findBacklog, updateLearnerJob } from '@studyin/domain/jobs';
import type { App } from '@studyin/domain/services';
import type { Output } from './output.ts';

const POLL_MS = 200;
const WITHOUT_PROGRESS_MS = 180_000;

export type IdleOptions = {
  readonly app: Pick<App, 'database'>;
  readonly output: Output;
  readonly signal: AbortSignal;
};

/**
 * Waits until every learner is up to date: no job waits, runs or will be tried again. Throws `unavailable` when nothing has moved
 * for three minutes (no worker runs), and when a job was given up.
 */
export async function idleStage({ app, output, signal }: IdleOptions): Promise<void> {
  const stage = output.stage('learners up to date');
  let most = 0;
  let least = Infinity;
  let movedAt = performance.now();
  // Those that lay there before are an operator's matter; verify says what they left undone.
  const { dead: deadBefore } = await findBacklog(app.database.reader, updateLearnerJob);
  for (;;) {
    const { waiting, active, dead } = await findBacklog(app.database.reader, updateLearnerJob);
    const left = waiting + active;
    if (dead > deadBefore) throw new DomainError('unavailable', 'A job was given up; see the log of the worker.');
    if (left === 0) break;
    if (left < least) movedAt = performance.now();
    most = Math.max(most, left);
    least = Math.min(least, left);
    if (performance.now() - movedAt > WITHOUT_PROGRESS_MS) {
      throw new DomainError(
        'unavailable',
        `${left} learners wait to be brought up to date and nothing moves; is a worker running?`,
      );
    }
    stage.progress(most - left, most, 'learners');
    signal.throwIfAborted();
    await sleep(POLL_MS);
  }
  stage.done('no job left');
}
