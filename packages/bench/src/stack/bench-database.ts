// A durable PostgreSQL of the run's own, migrated, with the default curriculum.
import { startEmbeddedDatabase } from '@studyin/devkit/embedded-database';
import { prepareDatabase, withApp as withPreparedApp } from '@studyin/devkit/prepared-database';
import { serverFolderOf } from '@studyin/devkit/processes/run-folder';
import type { App } from '@studyin/domain/services';
import pg from 'pg';

export { role } from '@studyin/devkit/prepared-database';

export const keys = {
  session: 'session-key-of-the-benchmarks-00001',
  subject: 'subject-key-of-the-benchmarks-00001',
  token: 'token-secret-of-the-benchmarks-0001',
} as const;

export type BenchDatabase = {
  /** As owner. */
  readonly url: string;
  /** Runs a statement as owner. */
  run(text: string): Promise<void>;
  /** The one value that a query answers, as text. */
  valueOf(text: string): Promise<string>;
  /** A copy of the database under a new name; nobody may be connected to it. */
  copy(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the server of a run folder and brings its database to this release's schema. */
export async function startBenchDatabase(runFolder: string): Promise<BenchDatabase> {
  const server = await startEmbeddedDatabase({ directory: serverFolderOf(runFolder) });
  try {
    await prepareDatabase({ url: server.url, keys });
  } catch (error) {
    await server.stop({ force: true });
    throw error;
  }
  const source = new URL(server.url).pathname.slice(1);
  const admin = (text: string) => runOn(urlOf(server.url, 'postgres'), text);
  return {
    url: server.url,
    run: async (text) => void (await runOn(server.url, text)),
    valueOf: async (text) => valueIn(await runOn(server.url, text)),
    copy: async (name) => {
      await admin(`create database ${name} template ${source}`);
      return urlOf(server.url, name);
    },
    drop: async (name) => void (await admin(`drop database if exists ${name} with (force)`)),
    stop: () => server.stop({ force: true }),
  };
}

async function runOn(url: string, text: string): Promise<readonly object[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}

function valueIn([row]: readonly object[]): string {
  return String(Object.values(row ?? {})[0]);
}

function urlOf(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/** Opens the domain in this process for the time of `use`. */
export function withApp<T>(
  { url, poolSize, planOnce = false }: { readonly url: string; readonly poolSize: number; readonly planOnce?: boolean },
  use: (app: App) => Promise<T>,
): Promise<T> {
  return withPreparedApp({ url, poolSize, keys, planOnce }, use);
}
