// One new answer of each learner, derived: by the worker from its queue, and by the same service called in a loop.
import { recordEvents, updateLearners } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import type { Bench, BenchContext, BenchResult } from '../bench.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured } from '../measure/alternate-rounds.ts';
import { caseOfRounds } from '../measure/round-case.ts';
import { withApp } from '../stack/bench-database.ts';
import { highestRssMb } from '../stack/process-figures.ts';
import { LAG_LEARNERS, measureLag } from './mastery-lag.ts';
import { ANSWERS_A_LEARNER, LANES, untilEmpty, withMasteryStack } from './mastery-stack.ts';
import type { MasteryStack } from './mastery-stack.ts';

const LEAST_RATIO = 0.6;
const LEARNERS_A_BATCH = 100;
/** Jobs that the worker claims at once, and does in one transaction. */
const LEARNERS_A_CLAIM = 20;
const origin = { clientIp: null, deviceType: null };

export const mastery: Bench = {
  name: 'mastery',
  summary: `a new answer of each learner, queued, until the queue is empty; limit: the same service in a loop; and its lag`,
  defaults: { rounds: 9, seconds: 10, size: 5_000 },
  run: (context) =>
    withMasteryStack(context, (stack) =>
      withApp({ url: stack.database.url, poolSize: LANES }, (app) => measure(context, stack, app)),
    ),
};

async function measure(context: BenchContext, stack: MasteryStack, app: App): Promise<BenchResult> {
  const { rounds, size, signal, progress } = context;
  const { worker, database } = stack;
  let made = 0;
  // The worker sleeps while answers are recorded, so that it finds all of them queued.
  const record = async (): Promise<void> => {
    worker.signal('SIGSTOP');
    made += 1;
    await recordOne(app, stack, `round/${made}`);
    await database.run('checkpoint');
  };
  const sides = {
    product: async (): Promise<Measured> => {
      await record();
      const startedMs = performance.now();
      worker.signal('SIGCONT');
      await untilEmpty(app, signal);
      return { rate: (size / (performance.now() - startedMs)) * 1000, fault: null };
    },
    limit: async (): Promise<Measured> => {
      await record();
      await database.run(`delete from pgboss.job where name = 'update-learner' and state = 'created'`);
      worker.signal('SIGCONT');
      const startedMs = performance.now();
      await updateInLoop(app, stack.userIds);
      return { rate: (size / (performance.now() - startedMs)) * 1000, fault: null };
    },
  };
  const found = await alternateRounds((side) => sides[side](), { rounds, signal, onRound: progress });
  const main = caseOfRounds(found, { name: 'one answer each', unit: 'learners/s', leastRatio: LEAST_RATIO });
  const lag = await measureLag(context, stack, app);
  const learners = Math.min(LAG_LEARNERS, size);
  const notes = [`${ANSWERS_A_LEARNER} past answers a learner; lag: ${learners} learners, ${lag.note}`];
  return { cases: [main, lag.found], rssMb: highestRssMb(worker.pid), notes };
}

/** One answer of each learner, now: after all that they have. */
async function recordOne(app: App, { userIds, history }: MasteryStack, name: string): Promise<void> {
  const atMs = Date.now();
  for (let from = 0; from < userIds.length; from += LEARNERS_A_BATCH) {
    const batch = userIds.slice(from, from + LEARNERS_A_BATCH);
    const items = batch.map((userId) => ({ userId, input: history.answerAt(userId, atMs, name), origin }));
    const { results } = await recordEvents(app, items);
    const refused = results.find(({ status }) => status !== 'accepted');
    if (refused !== undefined) throw new Error(`an answer was ${refused.status}: ${refused.reason}`);
  }
}

/** As many transactions at a time as the worker has, each for as many learners. */
async function updateInLoop(app: App, userIds: readonly string[]): Promise<void> {
  const count = Math.ceil(userIds.length / LEARNERS_A_CLAIM);
  const left = Array.from({ length: count }, (_, n) =>
    userIds.slice(n * LEARNERS_A_CLAIM, (n + 1) * LEARNERS_A_CLAIM),
  ).values();
  const lane = async (): Promise<void> => {
    for (const group of left) {
      const outcomes = await updateLearners(app, group);
      const wrong = [...outcomes.values()].find(({ answersFolded, refolded }) => answersFolded !== 1 || refolded);
      if (wrong !== undefined) throw new Error(`${wrong.answersFolded} answers of a learner were folded`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
