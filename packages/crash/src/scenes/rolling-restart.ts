import { untilIdle } from '../audit/until-idle.ts';
import type { Scene, SceneContext } from '../scene.ts';
import { describeEnding } from '../stack/member.ts';
import type { Member } from '../stack/member.ts';
import { untilAcknowledged } from './going-on.ts';

const EXIT_WITHIN_SECONDS = 10;
const IDLE_WITHIN_MS = 120_000;

/** What a deployment does: one process after the other, while learners go on studying. */
export const rollingRestart: Scene = {
  name: 'rolling-restart',
  summary: 'SIGTERM and start of each process in turn',
  times: 2,
  shortTimes: 1,
  run: async (context) => {
    const { cluster, load, times, isShort } = context;
    // Tries of jobs can be told apart only where no other scene has left any.
    const retriesBefore = await retriesWhenIdle(context);
    load.resume();
    const before = { ...load.tally };
    const broken: string[] = [];
    const firstOfEach = [...cluster.apis.slice(0, 1), ...cluster.workers.slice(0, 1)];
    let slowest = 0;
    for (let turn = 0; turn < times; turn += 1) {
      for (const member of isShort ? firstOfEach : [...cluster.apis, ...cluster.workers]) {
        const seconds = await restartOne(member, broken);
        slowest = Math.max(slowest, seconds);
        await Promise.all(cluster.apis.map((_, api) => untilAcknowledged(context, api, 2)));
      }
    }
    const failed = load.tally.failedTwice - before.failedTwice;
    const repeated = load.tally.cut + load.tally.unavailable - before.cut - before.unavailable;
    if (failed > 0) broken.push(`${failed} calls failed after one retry`);
    const burned = (await retriesWhenIdle(context)) - retriesBefore;
    if (burned > 0) broken.push(`${burned} tries of jobs were burned`);
    load.resume();
    return {
      detail: `${times} rounds, ${repeated} calls repeated once, ${slowest.toFixed(1)} s to exit at most`,
      broken,
    };
  },
};

/** Leaves the load paused. */
async function retriesWhenIdle({ load, watch, signal }: SceneContext): Promise<number> {
  await load.pause();
  await untilIdle(watch, { signal, withinMs: IDLE_WITHIN_MS });
  return watch.countRetries();
}

async function restartOne(member: Member, broken: string[]): Promise<number> {
  const startedMs = performance.now();
  const ending = await member.end('SIGTERM');
  const seconds = (performance.now() - startedMs) / 1000;
  if (ending.code !== 0) broken.push(`${member.name} ended with ${describeEnding(ending)}`);
  if (seconds > EXIT_WITHIN_SECONDS) broken.push(`${member.name} took ${seconds.toFixed(1)} s to exit`);
  await member.restart();
  return seconds;
}
