// Plain SQL, forward only, one at a time: umzug keeps the books, an advisory lock keeps two operators apart.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { Umzug } from 'umzug';
import { DomainError } from '../errors.ts';
import { readServerAddress } from './server-address.ts';
import { isUnavailable, sqlStateOf, whyNoTls } from './sql-errors.ts';

const OLDEST_SERVER = 150_000;
const LOCK_KEY = 7_309_861;
const directory = join(dirname(fileURLToPath(import.meta.url)), '..', 'migrations');

export type MigrateOptions = {
  /** The owner's URL. */
  readonly url: string;
  readonly log?: (line: string) => void;
};

export type MigrateResult = {
  readonly applied: readonly string[];
  /** False where the login may not make roles: processes then run with the login's own rights. */
  readonly roles: boolean;
};

/** Names of the migrations this release expects, oldest first. */
export async function listMigrations(): Promise<readonly string[]> {
  const files = await readdir(directory);
  return files.filter((file) => /^\d{4}_.*\.sql$/.test(file)).sort();
}

/**
 * Brings the database to this release's schema and grants the roles. Idempotent; two at once wait for each other.
 * Throws `misconfigured` for a server older than 15, `unavailable` for one that cannot be reached.
 */
export async function migrate({ url, log = () => undefined }: MigrateOptions): Promise<MigrateResult> {
  const client = createClient(url);
  try {
    await client.connect();
    await requireSupportedServer(client);
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
    const applied = await applyMigrations(client, log);
    await client.query('select ensure_partitions(now())');
    const roles = await grantOn(client, log);
    return { applied, roles };
  } catch (error) {
    if (isUnavailable(error)) {
      const why = whyNoTls(error) ?? 'cannot be reached; is it running?';
      throw new DomainError('unavailable', `The database at ${hostOf(url)} ${why}`, { cause: error });
    }
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the roles and grants them; run again after another room (the queue) has made tables. False where the login may not. */
export async function grantRoles({ url, log = () => undefined }: MigrateOptions): Promise<boolean> {
  const client = createClient(url);
  await client.connect();
  try {
    return await grantOn(client, log);
  } finally {
    await client.end();
  }
}

function createClient(databaseUrl: string): Client {
  const { url, ssl } = readServerAddress(databaseUrl);
  const client = new Client({
    connectionString: url,
    ssl,
    application_name: 'studyin-migrate',
    options: '-c timezone=UTC',
  });
  client.on('error', () => undefined); // a connection that dies shows at the next statement
  return client;
}

async function grantOn(client: Client, log: (line: string) => void): Promise<boolean> {
  const text = await readFile(join(directory, 'roles.sql'), 'utf8');
  try {
    await client.query(text);
    return true;
  } catch (error) {
    if (sqlStateOf(error) !== '42501') throw error;
    log('roles: this login may not make roles; processes will run with its own rights (see docs/operations.md)');
    return false;
  }
}

async function requireSupportedServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ number: number; text: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as text",
  );
  const version = rows[0];
  if (version !== undefined && version.number >= OLDEST_SERVER) return;
  throw new DomainError(
    'misconfigured',
    `PostgreSQL 15 or newer is needed, this server is ${version?.text ?? 'unknown'}.`,
  );
}

async function applyMigrations(client: Client, log: (line: string) => void): Promise<readonly string[]> {
  await client.query(
    'create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())',
  );
  const names = await listMigrations();
  const umzug = new Umzug({
    migrations: names.map((name) => ({ name, up: () => applyFile(client, name, log) })),
    storage: {
      executed: async () =>
        (await client.query<{ name: string }>('select name from schema_migrations order by name')).rows.map(
          (row) => row.name,
        ),
      // the row is written in the migration's own transaction, by applyFile
      logMigration: () => Promise.resolve(),
      unlogMigration: () => Promise.reject(new Error('migrations go forward only')),
    },
    logger: undefined,
  });
  const applied = await umzug.up();
  return applied.map(({ name }) => name);
}

async function applyFile(client: Client, name: string, log: (line: string) => void): Promise<void> {
  const text = await readFile(join(directory, name), 'utf8');
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into schema_migrations (name) values ($1)', [name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${name} failed and was undone`, { cause: error });
  }
  log(`applied ${name}`);
}

function hostOf(url: string): string {
  try {
    const { hostname, port } = new URL(url);
    return `${hostname}:${port === '' ? '5432' : port}`;
  } catch {
    return 'the given address';
  }
}
