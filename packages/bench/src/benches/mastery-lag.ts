// How long an answer waits for its mastery while answers come at a fixed rate through the API, one in twenty of them late.
import { startApi } from '@studyin/devkit/processes/start-services';
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import { signTokens } from '@studyin/devkit/sign-tokens';
import type { App } from '@studyin/domain/services';
import type { BenchCase, BenchContext } from '../bench.ts';
import { startLoadGenerator } from '../load/start-generator.ts';
import type { LoadGenerator } from '../load/start-generator.ts';
import { caseOfAmount, keepLatencies } from '../measure/round-case.ts';
import { keys, role } from '../stack/bench-database.ts';
import { faultOf } from './ingest-stack.ts';
import { untilEmpty } from './mastery-stack.ts';
import type { MasteryStack } from './mastery-stack.ts';

export const LAG_LEARNERS = 2_000;
const load = { attemptsACall: 1, connections: 32, callsPerSecond: 300 } as const;
const ROUNDS = 3;
const MOST_MS = 1_000;

type Lag = { readonly jobs: number; readonly p50Ms: number; readonly p99Ms: number };

export async function measureLag(
  context: BenchContext,
  stack: MasteryStack,
  app: App,
): Promise<{ readonly found: BenchCase; readonly note: string }> {
  const api = await startApi({ root: context.root, databaseUrl: stack.database.url, role, keys });
  const generator = startLoadGenerator();
  try {
    return await measure(context, { ...stack, app, api, generator });
  } finally {
    await generator.stop();
    await api.stop();
  }
}

type Running = MasteryStack & { readonly app: App; readonly api: StartedProcess; readonly generator: LoadGenerator };

async function measure({ seconds, signal, progress }: BenchContext, { api, generator, ...running }: Running) {
  const tokens = await signTokens(running.userIds.slice(0, LAG_LEARNERS), { secret: keys.token, role: 'learner' });
  const name = `lag p99 at ${load.callsPerSecond}/s`;
  const url = `${api.url}/trpc/tracking.questionAttempt`;
  const calls = Math.round(seconds * load.callsPerSecond);
  const latencies = keepLatencies();
  const lags: Lag[] = [];
  let attempts = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    signal.throwIfAborted();
    let since = '';
    const order = { ...load, seed: `mastery-lag/${round}`, calls, seconds, url, tokens };
    const result = await generator.send(order, async () => {
      since = await running.database.valueOf('select clock_timestamp()::text');
    });
    await untilEmpty(running.app, signal);
    const lag = await findLag(running, since);
    const fault = faultOf(result);
    progress(`${name}, round ${round}/${ROUNDS}: ${fault ?? `${lag.p99Ms.toFixed(0)} ms, ${lag.jobs} updates`}`);
    if (round === 0 || fault !== null) continue; // the first one warms up
    latencies.add(lag);
    lags.push(lag);
    attempts += result.attempts;
  }
  if (lags.length === 0) throw new Error(`no round of ${name} was without a fault`);
  const values = lags.map(({ p99Ms }) => p99Ms);
  const failedRounds = ROUNDS - lags.length;
  return {
    found: caseOfAmount({ name, unit: 'ms', values, most: MOST_MS, failedRounds }, latencies),
    note: `${attempts} answers in ${lags.reduce((sum, { jobs }) => sum + jobs, 0)} updates`,
  };
}

/**
 * From the transaction that queued a learner to the one that brought them up to date. Of the answers that an update takes in this
 * is the lag of the first: the others waited less.
 */
async function findLag({ database }: Pick<Running, 'database'>, since: string): Promise<Lag> {
  const found = await database.valueOf(`
    select json_build_object('jobs', count(*), 'p50Ms', percentile_cont(0.5) within group (order by ms),
      'p99Ms', percentile_cont(0.99) within group (order by ms))::text
    from (
      select extract(epoch from completed_on - created_on) * 1000 as ms
      from pgboss.job
      where name = 'update-learner' and state = 'completed' and created_on >= '${since}'
    ) as lags`);
  return JSON.parse(found) as Lag; // as: built just above
}
