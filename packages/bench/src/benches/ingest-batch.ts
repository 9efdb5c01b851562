// Answers of learners who send a hundred at once: a class that comes back from a day without network.
import type { App } from '@studyin/domain/services';
import type { Bench, BenchContext, BenchResult } from '../bench.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured } from '../measure/alternate-rounds.ts';
import { caseOfRounds, keepLatencies } from '../measure/round-case.ts';
import { createRoundPlan } from '../measure/round-plan.ts';
import { withApp } from '../stack/bench-database.ts';
import { highestRssMb } from '../stack/process-figures.ts';
import { LANES, measureIngestLimit } from './ingest-batch-limit.ts';
import { countCpu, faultOf, withIngestStack } from './ingest-stack.ts';
import type { IngestStack } from './ingest-stack.ts';

const LEAST_RATIO = 0.5;
/** How the product gets its load. */
export const batchLoad = { attemptsACall: 100, connections: 4, callsPerSecond: null } as const;

export const ingestBatch: Bench = {
  name: 'ingest-batch',
  summary: 'answers by tracking.events, 100 a call, 4 connections; limit: the same statements alone',
  defaults: { rounds: 9, seconds: 3, size: 1_000 },
  run: (context) =>
    withIngestStack(context, (stack) =>
      withApp({ url: stack.database.url, poolSize: LANES, planOnce: true }, (app) => measure(context, stack, app)),
    ),
};

async function measure(context: BenchContext, stack: IngestStack, app: App): Promise<BenchResult> {
  const { rounds, seconds, size: learners, signal, progress } = context;
  const { api, generator, tokens } = stack;
  const { attemptsACall } = batchLoad;
  const url = `${api.url}/trpc/tracking.events`;
  const checkpoint = (): Promise<void> => stack.database.run('checkpoint');
  const plan = createRoundPlan({ name: 'ingest-batch', seconds, attemptsACall, firstRate: 5_000 });
  const cpu = countCpu(api);
  const latencies = keepLatencies();
  const sides = {
    product: async (): Promise<Measured> => {
      const order = { ...batchLoad, ...plan.next('product'), url, tokens, seconds };
      const result = await cpu.count(() => generator.send(order, checkpoint));
      latencies.add(result);
      return { rate: result.attempts / result.seconds, fault: faultOf(result) };
    },
    limit: () => measureIngestLimit(app, { ...plan.next('limit'), learners, attemptsACall, seconds }, checkpoint),
  };
  const found = await alternateRounds(async (side) => plan.learn(side, await sides[side]()), {
    rounds,
    signal,
    onRound: progress,
  });
  const text = { name: `${batchLoad.connections} connections`, unit: 'events/s', leastRatio: LEAST_RATIO };
  return {
    cases: [caseOfRounds(found, text, latencies)],
    rssMb: highestRssMb(api.pid),
    notes: [cpu.describe()],
  };
}
