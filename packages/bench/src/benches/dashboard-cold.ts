// The ten queries of the dashboards without a cache, asked by learners drawn by how much they study; then their times while
// answers are taken in.
import { join } from 'node:path';
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import { startApi } from '@studyin/devkit/processes/start-services';
import type { Bench, BenchCase, BenchContext, BenchResult } from '../bench.ts';
import { startLoadGenerator } from '../load/start-generator.ts';
import type { LoadGenerator } from '../load/start-generator.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured, Side } from '../measure/alternate-rounds.ts';
import { caseOfRounds, keepLatencies } from '../measure/round-case.ts';
import { keys, role } from '../stack/bench-database.ts';
import type { ServedDatabase } from '../stack/bench-server.ts';
import { activeOf, withFilledDatabases } from '../stack/filled-databases.ts';
import { highestRssMb } from '../stack/process-figures.ts';
import { scriptOf } from '../stack/script-of.ts';
import { measureTimes } from './dashboard-times.ts';
import { countCpu, faultOf } from './ingest-stack.ts';
import { bodyOf, ofQuery, recordReads, rowsIn, writeReads } from './recorded-reads.ts';
import type { RecordedRead } from './recorded-reads.ts';
import { drawLearners, readsOf, tenQueries, tokensOf, uncached } from './ten-queries.ts';
import type { DashboardQuery } from './ten-queries.ts';

const LEAST_RATIO = 0.8;
const CONNECTIONS = 4;
/** Learners who ask; each query is asked once by each of them before it comes round again. */
const LEARNERS = 200;
/** More than any machine answers, so that a round goes by its time. */
const MOST_CALLS_A_SECOND = 40_000;

export const dashboardCold: Bench = {
  name: 'dashboard-cold',
  summary: 'each of the ten queries without a cache; limit: their statements alone behind the same HTTP',
  defaults: { rounds: 9, seconds: 0.5, size: 10_000_000 },
  sizeUnit: 'events',
  run: (context) =>
    withFilledDatabases(context, [{ events: context.size, active: activeOf(context.size) }], async (server) => {
      const [database] = server.databases as readonly [ServedDatabase]; // as: one in, one out
      const reads = await record(context, database);
      return withApis(context, database, (apis) => measure(context, { database, reads, apis }));
    }),
};

type Apis = Readonly<Record<Side, StartedProcess>> & { readonly generator: LoadGenerator };
type Cold = { readonly database: ServedDatabase; readonly reads: readonly RecordedRead[]; readonly apis: Apis };

/** What the product does for every read; left in the run's folder for the limit. */
async function record(context: BenchContext, database: ServedDatabase): Promise<readonly RecordedRead[]> {
  const { root, folder, progress } = context;
  const learners = await drawLearners(database, { count: LEARNERS, seed: 1 });
  const tokens = await tokensOf(learners);
  progress(`recording the statements of ${tenQueries.length * learners.length} reads`);
  const recording = join(folder, 'reads.recording');
  const api = await startApi({
    root,
    databaseUrl: database.url,
    role,
    keys,
    env: { ...uncached, STUDYIN_BENCH_RECORDING: recording },
    imports: [scriptOf('record-statements')],
  });
  try {
    const reads = tenQueries.flatMap((query) => readsOf(query, learners, tokens));
    const recorded = await recordReads(api.url, reads, recording);
    writeReads(readsFile(folder), recorded);
    return recorded;
  } finally {
    await api.stop();
  }
}

function readsFile(folder: string): string {
  return join(folder, 'reads');
}

async function withApis<T>(
  { root, folder }: BenchContext,
  { url: databaseUrl }: ServedDatabase,
  use: (apis: Apis) => Promise<T>,
): Promise<T> {
  const common = { root, databaseUrl, role, keys };
  const product = await startApi({ ...common, env: uncached });
  const env = { ...uncached, STUDYIN_BENCH_READS: readsFile(folder) };
  const generator = startLoadGenerator();
  try {
    const limit = await startApi({ ...common, env, name: 'limit', imports: [scriptOf('bare-dashboard')] });
    try {
      return await use({ product, limit, generator });
    } finally {
      await limit.stop();
    }
  } finally {
    await generator.stop();
    await product.stop();
  }
}

async function measure(context: BenchContext, cold: Cold): Promise<BenchResult> {
  const { apis, reads } = cold;
  await requireRows(apis.limit.url, reads);
  const cpu = { product: countCpu(apis.product), limit: countCpu(apis.limit) };
  const [first, ...others] = tenQueries;
  const main = await measureQuery(context, { cold, cpu, query: first });
  const more: BenchCase[] = [];
  for (const query of others) more.push(await measureQuery(context, { cold, cpu, query }));
  const times = await measureTimes(context, cold);
  const notes = [`${reads.length} reads of ${LEARNERS} learners`, cpu.product.describe(), cpu.limit.describe()];
  return {
    cases: [main, ...more, ...times.cases],
    rssMb: highestRssMb(apis.product.pid),
    notes: [...notes, ...times.notes],
  };
}

/** Throws for a query of which the limit finds nothing: it would be compared with nothing. */
async function requireRows(url: string, reads: readonly RecordedRead[]): Promise<void> {
  for (const { name } of tenQueries) {
    let found = 0;
    for (const read of ofQuery(reads, name)) found += rowsIn(await bodyOf(url, read));
    if (found === 0) throw new Error(`the limit finds no rows for dashboard.${name}`);
  }
}

type Asked = {
  readonly cold: Cold;
  readonly cpu: Readonly<Record<Side, ReturnType<typeof countCpu>>>;
  readonly query: DashboardQuery;
};

async function measureQuery(
  { rounds, seconds, signal, progress }: BenchContext,
  { cold: { apis, reads }, cpu, query: { name } }: Asked,
): Promise<BenchCase> {
  const own = ofQuery(reads, name).map(({ path, token }) => ({ path, token }));
  const calls = Math.ceil(seconds * MOST_CALLS_A_SECOND);
  const load = { reads: own, calls, connections: CONNECTIONS, seconds, callsPerSecond: null } as const;
  const latencies = keepLatencies();
  const measureSide = async (side: Side): Promise<Measured> => {
    const result = await cpu[side].count(() => apis.generator.send({ ...load, url: apis[side].url }));
    if (side === 'product') latencies.add(result);
    return { rate: result.calls / result.seconds, fault: faultOf(result) };
  };
  const onRound = (line: string): void => progress(`${name}, ${line}`);
  const found = await alternateRounds(measureSide, { rounds, signal, onRound });
  return caseOfRounds(found, { name, unit: 'calls/s', leastRatio: LEAST_RATIO }, latencies);
}
