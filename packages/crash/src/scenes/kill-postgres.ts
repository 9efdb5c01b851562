import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from '../scene.ts';
import { secondsUntilBothAcknowledge, untilAllConnected } from './going-on.ts';

const AWAY_MS = 700;
const GO_ON_WITHIN_SECONDS = 5;

/** The APIs stay up, answer 503 as long as it is away, and go on when it is back. */
export const killPostgres: Scene = {
  name: 'kill-postgres',
  summary: 'SIGKILL of PostgreSQL, and its start',
  times: 5,
  shortTimes: 1,
  run: async (context) => {
    const { server, load, times } = context;
    const before = { ...load.tally };
    const seconds: number[] = [];
    for (let turn = 0; turn < times; turn += 1) {
      await untilAllConnected(context);
      server.kill();
      await sleep(AWAY_MS);
      await server.restart();
      seconds.push(await secondsUntilBothAcknowledge(context));
    }
    const slowest = Math.max(0, ...seconds);
    const cut = load.tally.cut - before.cut;
    return {
      detail: `${times} killed, ${load.tally.unavailable - before.unavailable} answers of 503, going on after ${slowest.toFixed(1)} s at most`,
      broken: [
        ...(slowest > GO_ON_WITHIN_SECONDS
          ? [`an API went on only ${slowest.toFixed(1)} s after PostgreSQL was back`]
          : []),
        ...(cut > 0 ? [`${cut} calls were left without an answer while PostgreSQL was away`] : []),
      ],
    };
  },
};
