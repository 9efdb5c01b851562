import type { Scene } from '../scene.ts';
import { logins } from '../stack/cluster.ts';
import { secondsUntilBothAcknowledge, untilAllConnected } from './going-on.ts';

/** Every session of every process is ended at once; none of the processes is. */
export const cutConnections: Scene = {
  name: 'cut-connections',
  summary: 'pg_terminate_backend on all sessions',
  times: 5,
  shortTimes: 1,
  run: async (context) => {
    const { watch, load, times } = context;
    const cutBefore = load.tally.cut;
    let sessions = 0;
    for (let turn = 0; turn < times; turn += 1) {
      await untilAllConnected(context);
      sessions += await watch.cutConnections(logins);
      await secondsUntilBothAcknowledge(context);
    }
    const cut = load.tally.cut - cutBefore;
    return {
      detail: `${times} times, ${sessions} sessions ended`,
      broken: cut > 0 ? [`${cut} calls were left without an answer while sessions were ended`] : [],
    };
  },
};
