import type { Scene } from '../scene.ts';
import { until } from '../until.ts';
import { freezeInJob } from './frozen-worker.ts';
import { inTurn } from './going-on.ts';

const HEARTBEAT_MISSED_WITHIN_MS = 120_000;
const AWAKE_WITHIN_MS = 60_000;

/** A worker that sleeps past its heartbeat wakes up in a transaction that is no longer its own, with a job that is another's. */
export const freezeWorker: Scene = {
  name: 'freeze-worker',
  summary: 'SIGSTOP of a worker in the middle of a job, SIGCONT when another has its job',
  times: 1,
  shortTimes: 0,
  run: async (context) => {
    const { cluster, watch, times, signal } = context;
    const startedMs = performance.now();
    for (let turn = 0; turn < times; turn += 1) {
      const { member } = inTurn(cluster.workers, turn);
      const own = new Set((await freezeInJob(context, member)).map(keyOf));
      const isTakenUp = async () => (await watch.listActiveJobs()).every((job) => !own.has(keyOf(job)));
      const what = 'the jobs of a frozen worker to be taken up';
      await until(isTakenUp, { what, withinMs: HEARTBEAT_MISSED_WITHIN_MS, everyMs: 200, signal });
      member.signal('SIGCONT');
      const works = async () => (await watch.findTransaction(member.login, 'studyin-worker')) !== null;
      await until(works, { what: `${member.name} to work again`, withinMs: AWAKE_WITHIN_MS, everyMs: 5, signal });
    }
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
    return { detail: `${times} frozen inside a transaction and woken, ${seconds} s`, broken: [] };
  },
};

/** A try of a job. */
function keyOf({ id, retryCount }: { readonly id: string; readonly retryCount: number }): string {
  return `${id} ${retryCount}`;
}
