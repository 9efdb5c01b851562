import type { Scene } from '../scene.ts';
import { freezeInJob } from './frozen-worker.ts';
import { inTurn } from './going-on.ts';

/** The job of a killed worker is taken up again by whoever is there, once its heartbeat is missed. */
export const killWorker: Scene = {
  name: 'kill-worker',
  summary: 'kill -9 of a worker in the middle of a job',
  times: 5,
  shortTimes: 1,
  run: async (context) => {
    const { cluster, times } = context;
    for (let turn = 0; turn < times; turn += 1) {
      const { member } = inTurn(cluster.workers, turn);
      await freezeInJob(context, member);
      await member.end('SIGKILL');
      await member.restart();
    }
    return { detail: `${times} killed, each inside a transaction`, broken: [] };
  },
};
