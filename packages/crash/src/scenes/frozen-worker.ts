// A worker caught in the middle of a job's transaction.
import { setTimeout as sleep } from 'node:timers/promises';
import type { SceneContext } from '../scene.ts';
import type { Member } from '../stack/member.ts';
import type { ActiveJob } from '../stack/watch.ts';

const WITHIN_MS = 60_000;
/** Longer than a statement takes: a transaction that has stood so long stands in a frozen process. */
const STANDS_MS = 60;
const BREATH_MS = 15;

/** Stops a worker (SIGSTOP) inside a transaction; answers the jobs that were in hand at that moment, its own among them. */
export async function freezeInJob(
  { watch, signal }: Pick<SceneContext, 'watch' | 'signal'>,
  worker: Member,
): Promise<readonly ActiveJob[]> {
  const look = (): Promise<string | null> => watch.findTransaction(worker.login, 'studyin-worker');
  for (const deadline = performance.now() + WITHIN_MS; performance.now() < deadline;) {
    signal.throwIfAborted();
    worker.signal('SIGSTOP');
    const since = await look();
    if (since !== null) {
      await sleep(STANDS_MS);
      if ((await look()) === since) return watch.listActiveJobs();
    }
    worker.signal('SIGCONT');
    await sleep(Math.random() * BREATH_MS);
  }
  throw new Error(`${worker.name} was in no transaction for ${WITHIN_MS / 1000} s`);
}
