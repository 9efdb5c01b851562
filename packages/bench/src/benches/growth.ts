// What the same work costs in a database ten times as large. Two databases of one server, the same learners at work in both.
import type { Bench, BenchCase, BenchContext, BenchResult } from '../bench.ts';
import { withGrowthDatabases } from './growth-databases.ts';
import type { GrowthDatabases } from './growth-databases.ts';
import { measureIngestGrowth } from './growth-ingest.ts';

/** One kind of work; its ratio is the cost in the large database over that in the small one. */
type GrowthPart = (
  context: BenchContext,
  databases: GrowthDatabases,
) => Promise<{ readonly found: BenchCase; readonly notes: readonly string[] }>;

const parts: readonly [GrowthPart, ...GrowthPart[]] = [measureIngestGrowth];

export const growth: Bench = {
  name: 'growth',
  summary: 'what recording costs in a database of --size events; limit: one of a tenth of them',
  defaults: { rounds: 9, seconds: 3, size: 10_000_000 },
  sizeUnit: 'events',
  run: (context) => withGrowthDatabases(context, (databases) => measure(context, databases)),
};

async function measure(context: BenchContext, databases: GrowthDatabases): Promise<BenchResult> {
  const [first, ...others] = parts;
  const main = await first(context, databases);
  const more = [];
  for (const part of others) more.push(await part(context, databases));
  return {
    cases: [main.found, ...more.map(({ found }) => found)],
    rssMb: null,
    notes: [databases.description, ...[main, ...more].flatMap(({ notes }) => notes)],
  };
}
