// How long each of the ten queries takes while answers are taken in at a fixed rate, by an API that keeps nothing.
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import { signTokens } from '@studyin/devkit/sign-tokens';
import type { BenchCase, BenchContext } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import type { LoadResult } from '../load/load-order.ts';
import { startLoadGenerator } from '../load/start-generator.ts';
import type { LoadGenerator } from '../load/start-generator.ts';
import { caseOfAmount, keepLatencies } from '../measure/round-case.ts';
import { keys } from '../stack/bench-database.ts';
import type { ServedDatabase } from '../stack/bench-server.ts';
import { activeOf } from '../stack/filled-databases.ts';
import { faultOf } from './ingest-stack.ts';
import { drawLearners, readsOf, tenQueries, tokensOf } from './ten-queries.ts';
import type { DashboardQuery, DrawnLearner } from './ten-queries.ts';

const ANSWERS_A_SECOND = 500;
const reading = { connections: 8, callsPerSecond: 50 } as const;
/** So many times as long as a side of a round. */
const LENGTHENING = 2;
/** Rounds that count, after one that warms up. */
const ROUNDS = 3;
const recording = { attemptsACall: 1, connections: 64, callsPerSecond: ANSWERS_A_SECOND } as const;
/** Answers go on a little longer than the reads beside them. */
const LONGER_BY = 1.1;

type Timed = {
  readonly database: ServedDatabase;
  readonly apis: { readonly product: StartedProcess; readonly generator: LoadGenerator };
};

type Times = { readonly cases: readonly BenchCase[]; readonly notes: readonly string[] };

export async function measureTimes(context: BenchContext, { database, apis }: Timed): Promise<Times> {
  const { signal, progress, size } = context;
  const count = Math.ceil(context.seconds * LENGTHENING * reading.callsPerSecond);
  // Others than those of the ratios, and none twice: nobody has looked at most of their rows before.
  const learners = await drawLearners(database, { count: count * (ROUNDS + 1), seed: 2 });
  const tokens = await tokensOf(learners);
  const writer = startLoadGenerator();
  try {
    const active = Array.from({ length: activeOf(size) }, (_, learner) => learnerId(learner));
    const ofWriters = await signTokens(active, { secret: keys.token, role: 'learner' });
    const found = new Map<DashboardQuery, LoadResult[]>(tenQueries.map((query) => [query, []]));
    for (let round = 0; round <= ROUNDS; round += 1) {
      const isAsking = (_: unknown, place: number): boolean => place % (ROUNDS + 1) === round;
      const asking = { learners: learners.filter(isAsking), tokens: tokens.filter(isAsking) };
      for (const query of tenQueries) {
        signal.throwIfAborted();
        const result = await timeOne(
          { ...apis, writer },
          { query, ...asking, ofWriters, seed: `${query.name}/${round}` },
        );
        progress(`times, round ${round}/${ROUNDS}: ${query.name} ${result.p95Ms.toFixed(1)} ms`);
        if (round > 0) found.get(query)?.push(result);
      }
    }
    const notes = [`times: ${reading.callsPerSecond} reads a second beside ${ANSWERS_A_SECOND} answers`];
    return { cases: [...found].map(([query, results]) => caseOf(query, results)), notes };
  } finally {
    await writer.stop();
  }
}

function caseOf({ name, mostMs }: DashboardQuery, results: readonly LoadResult[]): BenchCase {
  const latencies = keepLatencies();
  for (const result of results) latencies.add(result);
  const values = results.map(({ p95Ms }) => p95Ms);
  return caseOfAmount({ name: `${name}, p95`, unit: 'ms', values, most: mostMs, failedRounds: 0 }, latencies);
}

type Processes = Timed['apis'] & { readonly writer: LoadGenerator };

type Asked = {
  readonly query: DashboardQuery;
  readonly learners: readonly DrawnLearner[];
  readonly tokens: readonly string[];
  /** Of the learners who answer. */
  readonly ofWriters: readonly string[];
  readonly seed: string;
};

async function timeOne(
  { product, generator, writer }: Processes,
  { query, learners, tokens, ofWriters, seed }: Asked,
): Promise<LoadResult> {
  const reads = readsOf(query, learners, tokens);
  const seconds = reads.length / reading.callsPerSecond;
  const writingSeconds = LONGER_BY * seconds;
  const writing = Promise.withResolvers<null>();
  const order = {
    ...recording,
    seed: `times/${seed}`,
    calls: Math.ceil(writingSeconds * ANSWERS_A_SECOND),
    url: `${product.url}/trpc/tracking.questionAttempt`,
    tokens: ofWriters,
    seconds: writingSeconds,
  };
  const written = writer.send(order, async () => writing.resolve(null));
  await Promise.race([writing.promise, written]);
  const load = { ...reading, reads, calls: reads.length, seconds, url: product.url };
  const [found, answered] = await Promise.all([generator.send(load), written]);
  const fault = faultOf(found) ?? faultOf(answered);
  if (fault !== null) throw new Error(`${query.name} while answers came: ${fault}`);
  return found;
}
