// What the same work costs in a database ten times as large. Two databases of one server, the same learners at work in both.
import type { Bench, BenchContext, BenchResult } from '../bench.ts';
import { withGrowthDatabases } from './growth-databases.ts';
import type { GrowthDatabases } from './growth-databases.ts';
import { measureIngestGrowth } from './growth-ingest.ts';
import { measureMasteryGrowth } from './growth-mastery.ts';
import { measureReadGrowth } from './growth-reads.ts';

export const growth: Bench = {
  name: 'growth',
  summary: 'what recording, reading and a long past cost in a database of --size events; limit: a tenth of them',
  defaults: { rounds: 9, seconds: 3, size: 10_000_000 },
  sizeUnit: 'events',
  run: (context) => withGrowthDatabases(context, (databases) => measure(context, databases)),
};

// Reading comes first: both databases are then as they were filled.
async function measure(context: BenchContext, databases: GrowthDatabases): Promise<BenchResult> {
  const reading = await measureReadGrowth(context, databases);
  const recording = await measureIngestGrowth(context, databases);
  const mastery = await measureMasteryGrowth(context, databases.large);
  return {
    cases: [...recording.found, ...reading, ...mastery.found],
    rssMb: null,
    notes: [databases.description, ...recording.notes, ...mastery.notes],
  };
}
