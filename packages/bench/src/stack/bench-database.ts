// A durable PostgreSQL of the run's own, migrated, with the default curriculum.
import { prepareDatabase, withApp as withPreparedApp } from '@studyin/devkit/prepared-database';
import { serverFolderOf } from '@studyin/devkit/processes/run-folder';
import type { App } from '@studyin/domain/services';
import { startBenchServer } from './bench-server.ts';
import type { ServedDatabase } from './bench-server.ts';

export { role } from '@studyin/devkit/prepared-database';

export const keys = {
  session: 'session-key-of-the-benchmarks-00001',
  subject: 'subject-key-of-the-benchmarks-00001',
  token: 'token-secret-of-the-benchmarks-0001',
} as const;

export type BenchDatabase = ServedDatabase & {
  /** A copy of the database under a new name; nobody may be connected to it. */
  copy(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the server of a run folder and brings its database to this release's schema. */
export async function startBenchDatabase(runFolder: string): Promise<BenchDatabase> {
  const server = await startBenchServer(serverFolderOf(runFolder));
  const { first } = server;
  try {
    await prepareDatabase({ url: first.url, keys });
  } catch (error) {
    await server.stop();
    throw error;
  }
  const source = new URL(first.url).pathname.slice(1);
  return {
    ...first,
    copy: async (name) => (await server.copy(source, name)).url,
    drop: (name) => server.drop(name),
    stop: () => server.stop(),
  };
}

/** Opens the domain in this process for the time of `use`. */
export function withApp<T>(
  { url, poolSize, planOnce = false }: { readonly url: string; readonly poolSize: number; readonly planOnce?: boolean },
  use: (app: App) => Promise<T>,
): Promise<T> {
  return withPreparedApp({ url, poolSize, keys, planOnce }, use);
}
