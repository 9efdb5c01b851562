// What the ingest benches stand on: a database, the API, a load generator, and tokens of the learners.
import type { StartedProcess } from '@studyin/devkit/processes/start-process';
import { startApi } from '@studyin/devkit/processes/start-services';
import { signTokens } from '@studyin/devkit/sign-tokens';
import type { BenchContext } from '../bench.ts';
import { learnerId } from '../load/attempt-source.ts';
import { startLoadGenerator } from '../load/start-generator.ts';
import type { LoadGenerator } from '../load/start-generator.ts';
import type { LoadResult } from '../load/load-order.ts';
import { keys, role, startBenchDatabase } from '../stack/bench-database.ts';
import type { BenchDatabase } from '../stack/bench-database.ts';
import { cpuSeconds } from '../stack/process-figures.ts';

export type IngestStack = {
  readonly database: BenchDatabase;
  readonly api: StartedProcess;
  readonly generator: LoadGenerator;
  readonly tokens: readonly string[];
};

/** Opens the stack for the time of `use`. */
export async function withIngestStack<T>(
  { root, folder, size, progress }: BenchContext,
  use: (stack: IngestStack) => Promise<T>,
): Promise<T> {
  progress('starting PostgreSQL and the API');
  const database = await startBenchDatabase(folder);
  try {
    const api = await startApi({ root, databaseUrl: database.url, role, keys });
    const generator = startLoadGenerator();
    try {
      const learners = Array.from({ length: size }, (_, learner) => learnerId(learner));
      const tokens = await signTokens(learners, { secret: keys.token, role: 'learner' });
      return await use({ database, api, generator, tokens });
    } finally {
      await generator.stop();
      await api.stop();
    }
  } finally {
    await database.stop();
  }
}

/** The first fault of a round, or null: a round with one does not count. */
export function faultOf({ calls, faults, firstFault }: LoadResult): string | null {
  return faults === 0 ? null : `${faults} of ${calls} calls failed, the first with: ${firstFault}`;
}

export type CpuShares = {
  /** Runs one round; its answer is what came of it. */
  count(run: () => Promise<LoadResult>): Promise<LoadResult>;
  /** For people: processor time of generator and server, each as a share of one core. */
  describe(): string;
};

/** Adds up which part of a core the generator and a process take while rounds run. */
export function countCpu({ name, pid }: Pick<StartedProcess, 'name' | 'pid'>): CpuShares {
  const sums = { generator: 0, server: 0, seconds: 0 };
  return {
    count: async (run) => {
      const before = cpuSeconds(pid);
      const result = await run();
      const after = cpuSeconds(pid);
      sums.generator += result.cpuSeconds;
      sums.server += (after ?? 0) - (before ?? 0);
      sums.seconds += result.seconds;
      return result;
    },
    describe: () =>
      `processor: ${shareOf(sums.generator)} of a core for the load generator, ${shareOf(sums.server)} for the ${name}`,
  };

  function shareOf(cpu: number): string {
    return `${Math.round((cpu / sums.seconds) * 100)}%`;
  }
}
