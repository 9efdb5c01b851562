import { randomBytes } from 'node:crypto';
import { before } from 'mocha';
import type pg from 'pg';
import { testRun } from './test-run.ts';
import { asAdmin, ensureTemplate, testServer, urlOf } from './test-server.ts';
import { waitFor } from './wait-for.ts';

export interface TestDatabase {
  readonly name: string;
  /** Connects as the owner. */
  readonly url: string;
  /** Drops the database; throws if a connection to it was left open. Idempotent. */
  drop(): Promise<void>;
}

interface Connection {
  readonly application: string;
  readonly state: string | null;
  readonly query: string;
}

const closingTimeoutMs = 2_000;

// What this process made and has not dropped; the root hook fails on what is left.
const open = new Map<string, TestDatabase>();

async function clone(client: pg.Client, template: string, name: string): Promise<void> {
  // Copying files needs a checkpoint: quicker only where a checkpoint does not wait for the disk.
  const found = await client.query<{ fsync: string }>('show fsync');
  const strategy = found.rows[0]?.fsync === 'off' ? 'file_copy' : 'wal_log';
  // Fails while anyone, such as autovacuum, is connected to the template: that passes.
  await waitFor(() => client.query(`create database ${name} template ${template} strategy ${strategy}`), {
    what: `a clone of ${template}`,
  });
}

async function listConnections(client: pg.Client, name: string): Promise<Connection[]> {
  const found = await client.query<Connection>(
    `select application_name as application, state, left(query, 80) as query
       from pg_stat_activity
      where datname = $1 and backend_type = 'client backend'`,
    [name],
  );
  return found.rows;
}

/** Those still there after the time that an orderly closing needs. */
async function listLeaks(client: pg.Client, name: string): Promise<Connection[]> {
  const deadline = performance.now() + closingTimeoutMs;
  for (;;) {
    const connections = await listConnections(client, name);
    if (connections.length === 0 || performance.now() > deadline) return connections;
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

async function drop(name: string): Promise<void> {
  if (!open.delete(name)) return;
  const leaks = await asAdmin(async (client) => {
    const found = await listLeaks(client, name);
    await client.query(`drop database if exists ${name} with (force)`);
    return found;
  });
  if (leaks.length === 0) return;
  const lines = leaks.map(({ application, state, query }) => `  ${application} (${state}): ${query}`);
  throw new Error(`${leaks.length} connections to the test database were not closed:\n${lines.join('\n')}`);
}

/** A migrated, empty database of its own, cloned from the run's template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = await ensureTemplate();
  const name = `${testRun()}_${randomBytes(4).toString('hex')}`;
  await asAdmin((client) => clone(client, template, name));
  const database = { name, url: urlOf(name, await testServer()), drop: () => drop(name) };
  open.set(name, database);
  return database;
}

/**
 * Gives the surrounding `describe` a database from its first test to its last.
 * @returns a function to call in hooks and tests, not while describing.
 */
export function useTestDatabase(): () => TestDatabase {
  let database: TestDatabase | null = null;
  before('create a test database', async function () {
    database = await createTestDatabase();
    // Registered only now, it runs after every `after` of the suite: they close what the tests connected.
    this.test?.parent?.afterAll('drop the test database', () => database?.drop());
  });
  return () => {
    if (database === null) throw new Error('the test database exists only inside hooks and tests');
    return database;
  };
}

/** Drops what tests forgot, and throws if there was anything. */
export async function dropForgottenDatabases(): Promise<void> {
  const forgotten = [...open.values()];
  for (const database of forgotten) await database.drop();
  if (forgotten.length > 0) throw new Error(`${forgotten.length} test databases were not dropped by their tests`);
}
