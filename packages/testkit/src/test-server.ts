// The server of a test run: the one of DATABASE_URL, or the embedded one in .studyin/test. It starts with the first
// test that asks for a database, so that pure tests never wait for it.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { startEmbeddedDatabase } from '@studyin/devkit/embedded-database';
import pg from 'pg';
import { isLeftOver, prefix, templateName, testRun } from './test-run.ts';

export interface TestServer {
  /** Connects as a login that may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

const stateFolder = resolve(import.meta.dirname, '../../../.studyin');
// Any number: one lock for all runs on a server, since roles, which migrations make, belong to the whole server.
const templateLock = 7_243_151;

// One server and template per process, which all its test files share; another template once the month is over.
const shared: { server: Promise<TestServer> | null; readonly templates: Map<string, Promise<string>> } = {
  server: null,
  templates: new Map(),
};

function usedMark(): string {
  return join(stateFolder, 'test-runs', testRun());
}

async function openServer(): Promise<TestServer> {
  mkdirSync(dirname(usedMark()), { recursive: true });
  writeFileSync(usedMark(), '');
  const url = process.env['DATABASE_URL'];
  if (url !== undefined && url !== '') return { url, stop: async () => {} };
  const database = await startEmbeddedDatabase({ directory: join(stateFolder, 'test'), durable: false });
  return { url: database.url, stop: () => database.stop() };
}

export function testServer(): Promise<TestServer> {
  return (shared.server ??= openServer());
}

/** The URL of another database on the same server. */
export function urlOf(database: string, server: TestServer): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs `work` on a connection to the server's own database. */
export async function asAdmin<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const { url } = await testServer();
  const client = new pg.Client({ connectionString: url, application_name: 'studyin testkit' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function listTestDatabases(client: pg.Client): Promise<string[]> {
  const found = await client.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, $1) order by datname`,
    [prefix],
  );
  return found.rows.map((row) => row.datname);
}

async function dropAll(client: pg.Client, databases: readonly string[]): Promise<void> {
  for (const name of databases) {
    await client.query(`update pg_database set datistemplate = false where datname = $1`, [name]);
    await client.query(`drop database if exists ${name} with (force)`);
  }
}

function clearMarks(): void {
  for (const run of readdirSync(dirname(usedMark()))) {
    if (isLeftOver(`${run}_template`, Date.now())) rmSync(join(dirname(usedMark()), run), { force: true });
  }
}

async function makeTemplate(client: pg.Client, template: string): Promise<void> {
  clearMarks();
  const databases = await listTestDatabases(client);
  await dropAll(
    client,
    databases.filter((name) => name === template || isLeftOver(name, Date.now())),
  );
  await client.query(`create database ${template}`);
  // Loaded only here: a run of pure tests needs neither the migrations nor their libraries.
  const { migrate } = await import('@studyin/domain/database');
  const { installQueues } = await import('@studyin/domain/jobs');
  const url = urlOf(template, await testServer());
  await migrate({ url });
  await installQueues({ url });
  // Marked last: a template without the mark was left unfinished by a failed migration.
  await client.query(`alter database ${template} with is_template true`);
}

async function prepareTemplate(template: string): Promise<string> {
  await asAdmin(async (client) => {
    // The lock ends with the connection.
    await client.query('select pg_advisory_lock($1)', [templateLock]);
    const finished = await client.query(`select from pg_database where datname = $1 and datistemplate`, [template]);
    if (finished.rowCount === 0) await makeTemplate(client, template);
  });
  return template;
}

/** The migrated database that this run's test databases are cloned from; made by the first process that asks. */
export function ensureTemplate(): Promise<string> {
  const name = templateName(Date.now());
  const template = shared.templates.get(name) ?? prepareTemplate(name);
  shared.templates.set(name, template);
  return template;
}

/** Ends a run: drops its databases, and stops the embedded server unless another run uses it. */
export async function closeTestRun(): Promise<void> {
  const mark = usedMark();
  if (!existsSync(mark)) return;
  const server = await testServer();
  await asAdmin(async (client) => {
    const databases = await listTestDatabases(client);
    await dropAll(
      client,
      databases.filter((name) => name.startsWith(`${testRun()}_`)),
    );
  });
  await server.stop();
  shared.server = null;
  shared.templates.clear();
  rmSync(mark, { force: true });
}
