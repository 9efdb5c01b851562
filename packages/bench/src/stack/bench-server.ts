// A durable PostgreSQL with databases of several names.
import { startEmbeddedDatabase } from '@studyin/devkit/embedded-database';
import pg from 'pg';

export type ServedDatabase = {
  /** As owner. */
  readonly url: string;
  /** Runs a statement as owner. */
  run(text: string): Promise<void>;
  /** The one value that a query answers, as text. */
  valueOf(text: string): Promise<string>;
  rowsOf<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
};

export type BenchServer = {
  /** The database that every server has at its start. */
  readonly first: ServedDatabase;
  named(name: string): ServedDatabase;
  list(): Promise<readonly string[]>;
  /** Runs a statement about databases, connected to none of them. */
  admin(text: string): Promise<void>;
  /** A copy of a database to which nobody is connected. Large ones are copied as files, not through the log. */
  copy(source: string, name: string, options?: { readonly asFiles?: boolean }): Promise<ServedDatabase>;
  drop(name: string): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the server of a folder, which nobody else uses. */
export async function startBenchServer(directory: string): Promise<BenchServer> {
  const server = await startEmbeddedDatabase({ directory });
  const named = (name: string): ServedDatabase => databaseAt(urlOf(server.url, name));
  const outside = named('postgres');
  const admin = (text: string): Promise<void> => outside.run(text);
  return {
    first: databaseAt(server.url),
    named,
    admin,
    list: async () => {
      const rows = await outside.rowsOf<{ name: string }>('select datname as name from pg_database order by datname');
      return rows.map(({ name }) => name);
    },
    copy: async (source, name, { asFiles = false } = {}) => {
      await admin(`create database ${name} template ${source}${asFiles ? ' strategy file_copy' : ''}`);
      return named(name);
    },
    drop: (name) => admin(`drop database if exists ${name} with (force)`),
    stop: () => server.stop({ force: true }),
  };
}

function databaseAt(url: string): ServedDatabase {
  const rowsOf = async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  return {
    url,
    run: async (text) => void (await rowsOf(text)),
    valueOf: async (text) => valueIn(await rowsOf(text)),
    rowsOf,
  };
}

function valueIn([row]: readonly object[]): string {
  return String(Object.values(row ?? {})[0]);
}

function urlOf(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}
