// An API for each of the two databases, and what loads them.
import type { Env } from '@studyin/devkit/processes/child-env';
import { startApi } from '@studyin/devkit/processes/start-services';
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import type { BenchContext } from '../bench.ts';
import { startLoadGenerator } from '../load/start-generator.ts';
import type { LoadGenerator } from '../load/start-generator.ts';
import type { Side } from '../measure/alternate-rounds.ts';
import { keys, role } from '../stack/bench-database.ts';
import { databaseOf } from './growth-databases.ts';
import type { GrowthDatabases } from './growth-databases.ts';

export type GrowthApis = {
  readonly apis: Readonly<Record<Side, StartedProcess>>;
  readonly generator: LoadGenerator;
};

/** Runs both for the time of `use`. */
export async function withGrowthApis<T>(
  { root }: BenchContext,
  { databases, env = {} }: { readonly databases: GrowthDatabases; readonly env?: Env },
  use: (running: GrowthApis) => Promise<T>,
): Promise<T> {
  const started: StartedProcess[] = [];
  const start = async (side: Side): Promise<StartedProcess> => {
    const name = `API of the ${databaseOf[side]}`;
    const databaseUrl = databases[databaseOf[side]].url;
    const api = await startApi({ root, databaseUrl, role, keys, name, env });
    started.push(api);
    return api;
  };
  const generator = startLoadGenerator();
  try {
    return await use({ apis: { product: await start('product'), limit: await start('limit') }, generator });
  } finally {
    await generator.stop();
    for (const api of started) await api.stop();
  }
}
