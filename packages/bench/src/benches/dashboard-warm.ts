// First screens that are kept: a learner comes back and nothing has changed, which the API must know before it says so.
import { join } from 'node:path';
import { startProcess } from '@studyin/devkit/processes/start-process';
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import { startApi } from '@studyin/devkit/processes/start-services';
import type { Bench, BenchContext, BenchResult } from '../bench.ts';
import type { Read } from '../load/load-order.ts';
import { startLoadGenerator } from '../load/start-generator.ts';
import type { LoadGenerator } from '../load/start-generator.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured } from '../measure/alternate-rounds.ts';
import { caseOfRounds, keepLatencies } from '../measure/round-case.ts';
import { keys, role } from '../stack/bench-database.ts';
import type { ServedDatabase } from '../stack/bench-server.ts';
import { activeOf, EVENTS_A_LEARNER, withFilledDatabases } from '../stack/filled-databases.ts';
import { highestRssMb } from '../stack/process-figures.ts';
import { scriptOf } from '../stack/script-of.ts';
import { countCpu, faultOf } from './ingest-stack.ts';
import { bodyOf, writeReads } from './recorded-reads.ts';
import type { AnsweredRead } from './recorded-reads.ts';
import { drawLearners, readsOf, tokensOf } from './ten-queries.ts';

const LEAST_RATIO = 0.4;
const CONNECTIONS = 16;
const MOST_CALLS_A_SECOND = 20_000;
const LEAST_KEPT = 0.99;
const firstScreen = { name: 'all', inputOf: () => ({}) };

export const dashboardWarm: Bench = {
  name: 'dashboard-warm',
  summary:
    'first screens out of the cache, each true to the last write; limit: a bare Express route, same token check, same bytes',
  defaults: { rounds: 9, seconds: 3, size: 200 },
  run: (context) => {
    const events = context.size * EVENTS_A_LEARNER;
    return withFilledDatabases(context, [{ events, active: activeOf(events) }], async ({ databases }) => {
      const [database] = databases as readonly [ServedDatabase]; // as: one in, one out
      return measureOn(context, database);
    });
  },
};

async function measureOn(context: BenchContext, database: ServedDatabase): Promise<BenchResult> {
  const { root, folder, size, progress } = context;
  const learners = await drawLearners(database, { count: size, seed: 1 });
  const reads = readsOf(firstScreen, learners, await tokensOf(learners));
  const generator = startLoadGenerator();
  const api = await startApi({ root, databaseUrl: database.url, role, keys });
  try {
    progress(`first screens of ${reads.length} learners`);
    const answers: AnsweredRead[] = [];
    for (const read of reads) answers.push({ ...read, body: await bodyOf(api.url, read) });
    const file = join(folder, 'reads');
    writeReads(file, answers);
    const limit = await startBareAnswers(file, database.url);
    try {
      const length = answers.reduce((sum, { body }) => sum + body.length, 0) / answers.length;
      const note = `${Math.round(length)} bytes an answer`;
      return await measure(context, { reads, note, api, limit, generator });
    } finally {
      await limit.stop();
    }
  } finally {
    await generator.stop();
    await api.stop();
  }
}

function startBareAnswers(file: string, databaseUrl: string): Promise<StartedProcess> {
  return startProcess({
    name: 'bare route',
    script: scriptOf('bare-answers'),
    env: {
      STUDYIN_BENCH_READS: file,
      // Of all that an API is told it takes what it needs to check a token.
      DATABASE_URL: databaseUrl,
      STUDYIN_SESSION_KEY: keys.session,
      STUDYIN_SUBJECT_KEY: keys.subject,
      STUDYIN_TOKEN_SECRET: keys.token,
    },
    readyEvent: 'bare-answers.listening',
  });
}

type Warm = {
  readonly reads: readonly Read[];
  readonly note: string;
  readonly api: StartedProcess;
  readonly limit: StartedProcess;
  readonly generator: LoadGenerator;
};

async function measure(context: BenchContext, { reads, note, api, limit, generator }: Warm): Promise<BenchResult> {
  const { rounds, seconds, signal, progress } = context;
  const calls = Math.ceil(seconds * MOST_CALLS_A_SECOND);
  const load = { reads, calls, connections: CONNECTIONS, seconds, callsPerSecond: null } as const;
  const cpu = { product: countCpu(api), limit: countCpu(limit) };
  const latencies = keepLatencies();
  const sides = {
    product: async (): Promise<Measured> => {
      const before = await countKept(api);
      const result = await cpu.product.count(() => generator.send({ ...load, url: api.url }));
      latencies.add(result);
      const kept = ((await countKept(api)) - before) / result.calls;
      const fault = kept < LEAST_KEPT ? `only ${(100 * kept).toFixed(1)}% of the answers came from the cache` : null;
      return { rate: result.calls / result.seconds, fault: faultOf(result) ?? fault };
    },
    limit: async (): Promise<Measured> => {
      const result = await cpu.limit.count(() => generator.send({ ...load, url: limit.url }));
      return { rate: result.calls / result.seconds, fault: faultOf(result) };
    },
  };
  const found = await alternateRounds((side) => sides[side](), { rounds, signal, onRound: progress });
  const text = { name: `${CONNECTIONS} connections`, unit: 'calls/s', leastRatio: LEAST_RATIO };
  return {
    cases: [caseOfRounds(found, text, latencies)],
    rssMb: highestRssMb(api.pid),
    notes: [note, cpu.product.describe(), cpu.limit.describe()],
  };
}

/** How many answers the API has sent out of its cache. */
async function countKept({ url }: StartedProcess): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/studyin_api_dashboard_answers_total\{from="cache"\} (\d+)/.exec(text)?.[1] ?? 0);
}
