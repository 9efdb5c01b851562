import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { withApp } from '@studyin/devkit/prepared-database';
import { signTokens } from '@studyin/devkit/sign-tokens';
import { statement } from '@studyin/domain/database';
import { updateLearnerJob } from '@studyin/domain/jobs';
import { untilIdle } from '../audit/until-idle.ts';
import type { Scene, SceneContext } from '../scene.ts';

const CALL_ITEMS = 250;
/** Six tries with growing pauses take up to a minute. */
const GIVEN_UP_WITHIN_MS = 200_000;

const poison = { userId: 'poison' };

/** Whether a job's payload is the one that cannot be done. */
export function isPoison(payload: unknown): boolean {
  return isDeepStrictEqual(payload, poison);
}

const countDerived = statement(
  'crash.count_derived',
  `select count(*)::int as derived from learner_progress where user_id = any($1::uuid[])`,
);

/** A job that can never be done, sent amid those of learners: it alone is given up, and nobody waits for it. */
export const poisonJob: Scene = {
  name: 'poison-job',
  summary: 'a job that always fails, among those of so many learners',
  times: 1_000,
  shortTimes: 0,
  run: async (context) => {
    const { source, load, watch, times, signal, keys } = context;
    const deadBefore = (await watch.listDead()).length;
    const { wire, items } = source.oneOfEach(times);
    const [token = ''] = await signTokens([randomUUID()], { secret: keys.token, role: 'service' });
    const half = Math.ceil(times / CALL_ITEMS / 2) * CALL_ITEMS;
    for (let from = 0; from < items.length; from += CALL_ITEMS) {
      if (from === half || items.length <= half) await sendPoison(context);
      const part = <T>(list: readonly T[]): readonly T[] => list.slice(from, from + CALL_ITEMS);
      await load.deliver({ token, wire: part(wire), items: part(items) });
    }
    await load.pause();
    await untilIdle(watch, { signal, withinMs: GIVEN_UP_WITHIN_MS });
    load.resume();
    const dead = (await watch.listDead()).length - deadBefore;
    const learners = items.map(({ userId }) => userId);
    const [row] = await watch.ask<{ derived: number }>(countDerived, [learners]);
    const derived = row?.derived ?? 0;
    return {
      detail: `${derived} of ${times} learners brought up to date, ${dead} job given up`,
      broken: [
        ...(derived === times ? [] : [`${times - derived} learners were not brought up to date`]),
        ...(dead === 1 ? [] : [`${dead} jobs were given up, not the one`]),
      ],
    };
  },
};

function sendPoison({ server, keys }: SceneContext): Promise<unknown> {
  const { name } = updateLearnerJob;
  return withApp({ url: server.url, keys }, (app) => app.jobs.boss.send(name, poison, { singletonKey: 'poison' }));
}
