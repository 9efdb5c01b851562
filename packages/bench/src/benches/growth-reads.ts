// Reading, through an API without a cache for each database: the time that a query takes.
import type { BenchCase, BenchContext } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured, Side } from '../measure/alternate-rounds.ts';
import { caseOfCosts } from '../measure/round-case.ts';
import { faultOf } from './ingest-stack.ts';
import { MOST_COST } from './growth-databases.ts';
import type { GrowthDatabases } from './growth-databases.ts';
import { withGrowthApis } from './growth-apis.ts';
import type { GrowthApis } from './growth-apis.ts';
import { findLearners, readsOf, tenQueries, tokensOf, uncached } from './ten-queries.ts';

const CONNECTIONS = 4;
const LEARNERS = 200;
const MOST_CALLS_A_SECOND = 40_000;
/** Ten queries take as long as recording. */
const SHARE_OF_SECONDS = 0.1;

/** One case for each of the ten queries. */
export async function measureReadGrowth(
  context: BenchContext,
  databases: GrowthDatabases,
): Promise<readonly BenchCase[]> {
  return withGrowthApis(context, { databases, env: uncached }, (running) => measure(context, databases, running));
}

async function measure(
  { rounds, seconds: secondsOfAll, signal, progress }: BenchContext,
  { small, active }: GrowthDatabases,
  { apis, generator }: GrowthApis,
): Promise<readonly BenchCase[]> {
  const seconds = secondsOfAll * SHARE_OF_SECONDS;
  const ids = Array.from({ length: Math.min(LEARNERS, active) }, (_, learner) => learnerId(learner));
  const learners = await findLearners(small, ids);
  const tokens = await tokensOf(learners);
  const cases: BenchCase[] = [];
  for (const query of tenQueries) {
    const reads = readsOf(query, learners, tokens);
    const load = { reads, calls: Math.ceil(seconds * MOST_CALLS_A_SECOND), connections: CONNECTIONS, seconds };
    const measureSide = async (side: Side): Promise<Measured> => {
      const result = await generator.send({ ...load, callsPerSecond: null, url: apis[side].url });
      return { rate: (result.seconds / result.calls) * 1_000_000, fault: faultOf(result) };
    };
    const onRound = (line: string): void => progress(`${query.name}, ${line}`);
    const found = await alternateRounds(measureSide, { rounds, signal, onRound });
    cases.push(caseOfCosts(found, { name: query.name, unit: 'µs/call', mostRatio: MOST_COST }));
  }
  return cases;
}
