// One answer a call, as a learner at work sends it: token checked, answered after the commit.
import { startProcess } from '@studyin/devkit/processes/start-process';
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import type { Bench, BenchCase, BenchContext, BenchResult } from '../bench.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured, Side } from '../measure/alternate-rounds.ts';
import { caseOfAmount, caseOfRounds, keepLatencies } from '../measure/round-case.ts';
import { createRoundPlan } from '../measure/round-plan.ts';
import { highestRssMb } from '../stack/process-figures.ts';
import { scriptOf } from '../stack/script-of.ts';
import { countCpu, faultOf, withIngestStack } from './ingest-stack.ts';
import type { CpuShares, IngestStack } from './ingest-stack.ts';

type Load = { readonly connections: number; readonly leastRatio: number };

const loads: readonly [Load, Load] = [
  { connections: 64, leastRatio: 0.2 },
  { connections: 256, leastRatio: 0.35 },
];
const fixed = { callsPerSecond: 500, connections: 128, mostMs: 50, rounds: 3, lengthening: 3 } as const;

export const ingestSingle: Bench = {
  name: 'ingest-single',
  summary: 'one answer a call by tracking.questionAttempt, 64 and 256 connections; limit: a bare Express route',
  defaults: { rounds: 9, seconds: 3, size: 1_000 },
  run: (context) =>
    withIngestStack(context, async (stack) => {
      const bare = await startBareRoute();
      try {
        return await measure(context, stack, bare);
      } finally {
        await bare.stop();
      }
    }),
};

function startBareRoute(): Promise<StartedProcess> {
  const script = scriptOf('bare-route');
  return startProcess({ name: 'bare route', script, env: {}, readyEvent: 'bare-route.listening' });
}

async function measure(context: BenchContext, stack: IngestStack, bare: StartedProcess): Promise<BenchResult> {
  const [few, many] = loads;
  const cpu = { product: countCpu(stack.api), limit: countCpu(bare) };
  const measured = { stack, cpu, urls: urlsOf(stack.api, bare) };
  const first = await measureLoad(context, measured, few);
  const second = await measureLoad(context, measured, many);
  const notes = [cpu.product.describe(), cpu.limit.describe()];
  const third = await measureFixedRate(context, measured);
  return { cases: [first, second, third], rssMb: highestRssMb(stack.api.pid), notes };
}

type Measurable = {
  readonly stack: IngestStack;
  readonly cpu: Readonly<Record<Side, CpuShares>>;
  readonly urls: Readonly<Record<Side, string>>;
};

function urlsOf(api: StartedProcess, bare: StartedProcess): Readonly<Record<Side, string>> {
  return { product: `${api.url}/trpc/tracking.questionAttempt`, limit: `${bare.url}/answer` };
}

async function measureLoad(
  { rounds, seconds, signal, progress }: BenchContext,
  { stack, cpu, urls }: Measurable,
  { connections, leastRatio }: Load,
): Promise<BenchCase> {
  const { generator, tokens, database } = stack;
  const name = `${connections} connections`;
  const plan = createRoundPlan({ name, seconds, attemptsACall: 1, firstRate: 3_000 });
  const latencies = keepLatencies();
  const measureSide = async (side: Side): Promise<Measured> => {
    const load = { attemptsACall: 1, connections, seconds, callsPerSecond: null } as const;
    const order = { ...load, ...plan.next(side), url: urls[side], tokens };
    const result = await cpu[side].count(() => generator.send(order, () => database.run('checkpoint')));
    if (side === 'product') latencies.add(result);
    return plan.learn(side, { rate: result.attempts / result.seconds, fault: faultOf(result) });
  };
  const onRound = (line: string): void => progress(`${name}, ${line}`);
  const found = await alternateRounds(measureSide, { rounds, signal, onRound });
  return caseOfRounds(found, { name, unit: 'calls/s', leastRatio }, latencies);
}

/** How long calls take that come at a fixed rate, whatever became of those before. */
async function measureFixedRate(
  { seconds, signal, progress }: BenchContext,
  { stack: { generator, tokens, database }, urls }: Measurable,
): Promise<BenchCase> {
  const { callsPerSecond, connections, mostMs, rounds, lengthening } = fixed;
  const name = `p99 at ${callsPerSecond}/s`;
  const latencies = keepLatencies();
  const values: number[] = [];
  const load = { attemptsACall: 1, connections, callsPerSecond, seconds: seconds * lengthening };
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    const calls = Math.round(load.seconds * callsPerSecond);
    const order = { ...load, seed: `${name}/${round}`, calls, url: urls.product, tokens };
    const result = await generator.send(order, () => database.run('checkpoint'));
    const fault = faultOf(result);
    progress(`${name}, round ${round}/${rounds}: ${fault ?? `${result.p99Ms.toFixed(1)} ms`}`);
    if (fault !== null) continue;
    values.push(result.p99Ms);
    latencies.add(result);
  }
  if (values.length === 0) throw new Error(`no round of ${name} was without a fault`);
  return caseOfAmount({ name, unit: 'ms', values, most: mostMs, failedRounds: rounds - values.length }, latencies);
}
