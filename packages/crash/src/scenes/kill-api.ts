import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from '../scene.ts';
import { until } from '../until.ts';
import { inTurn, untilAcknowledged } from './going-on.ts';

const LONGEST_WAIT_MS = 12;

/** kill -9 while calls are under way: before, in and after their transactions. */
export const killApi: Scene = {
  name: 'kill-api',
  summary: 'kill -9 of an API while it has calls under way',
  times: 20,
  shortTimes: 1,
  run: async (context) => {
    const { cluster, load, ledger, times, signal } = context;
    const before = { cut: load.tally.cut, recovered: ledger.recovered() };
    for (let turn = 0; turn < times; turn += 1) {
      const { member, place } = inTurn(cluster.apis, turn);
      const what = `calls under way to ${member.name}`;
      await until(() => load.underWay(place) > 0, { what, withinMs: 30_000, everyMs: 1, signal });
      await sleep(Math.random() * LONGEST_WAIT_MS);
      await member.end('SIGKILL');
      await member.restart();
      await untilAcknowledged(context, place, 5);
    }
    const cut = load.tally.cut - before.cut;
    const recovered = ledger.recovered() - before.recovered;
    return {
      detail: `${times} killed, ${cut} calls cut, ${recovered} items of them had been stored`,
      broken: cut === 0 ? ['no call was cut: nothing was tried'] : [],
    };
  },
};
