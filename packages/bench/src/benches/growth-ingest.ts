// Recording, through an API for each database: the time that an answer takes while answers come as fast as they are taken.
import type { BenchCase, BenchContext } from '../bench.ts';
import { alternateRounds } from '../measure/alternate-rounds.ts';
import type { Measured, Side } from '../measure/alternate-rounds.ts';
import { quantile } from '../measure/paired-ratios.ts';
import { caseOfCosts } from '../measure/round-case.ts';
import { createRoundPlan } from '../measure/round-plan.ts';
import { batchLoad } from './ingest-batch.ts';
import { faultOf } from './ingest-stack.ts';
import { databaseOf, MOST_COST } from './growth-databases.ts';
import type { GrowthDatabases } from './growth-databases.ts';
import { withGrowthApis } from './growth-apis.ts';
import type { GrowthApis } from './growth-apis.ts';

export async function measureIngestGrowth(
  context: BenchContext,
  databases: GrowthDatabases,
): Promise<{ readonly found: readonly [BenchCase]; readonly notes: readonly string[] }> {
  return withGrowthApis(context, { databases }, (running) => measure(context, databases, running));
}

async function measure(
  { rounds, seconds, signal, progress }: BenchContext,
  databases: GrowthDatabases,
  { apis, generator }: GrowthApis,
): Promise<{ readonly found: readonly [BenchCase]; readonly notes: readonly string[] }> {
  const { tokens, checkpoint } = databases;
  const plan = createRoundPlan({ name: 'growth', seconds, attemptsACall: batchLoad.attemptsACall, firstRate: 5_000 });
  const walBytes: Record<Side, number[]> = { product: [], limit: [] };
  const measureSide = async (side: Side): Promise<Measured> => {
    const url = `${apis[side].url}/trpc/tracking.events`;
    let fromLsn = '0/0';
    const result = await generator.send({ ...batchLoad, ...plan.next(side), url, tokens, seconds }, async () => {
      await checkpoint();
      fromLsn = await databases.small.valueOf('select pg_current_wal_insert_lsn()');
    });
    const bytes = await databases.small.valueOf(`select pg_current_wal_insert_lsn() - '${fromLsn}'::pg_lsn`);
    const fault = faultOf(result);
    if (fault === null) walBytes[side].push(Number(bytes) / result.attempts);
    plan.learn(side, { rate: result.attempts / result.seconds, fault });
    return { rate: (result.seconds / result.attempts) * 1_000_000, fault };
  };
  const onRound = (line: string): void => progress(`recording, ${line}`);
  const found = await alternateRounds(measureSide, { rounds, signal, onRound });
  const wal = (side: Side): string => `${Math.round(quantile(walBytes[side], 0.5))} in the ${databaseOf[side]}`;
  return {
    found: [caseOfCosts(found, { name: 'recording', unit: 'µs/event', mostRatio: MOST_COST })],
    notes: [`WAL bytes an event: ${wal('limit')}, ${wal('product')}`],
  };
}
