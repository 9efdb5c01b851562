// A real PostgreSQL server from the binaries of an npm package, for `npm start`, tests and benchmarks.
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { ensureCluster, owner, ownerPassword } from './postgres-server/cluster.ts';
import { dropAllLeases, dropLease, hasLeases, takeLease, withFolderLock } from './postgres-server/folder-lock.ts';
import {
  dataFolder,
  disarmDeadFiles,
  findRunning,
  lastComplaint,
  launch,
  logFile,
  shutDown,
} from './postgres-server/postmaster.ts';
import type { Postmaster } from './postgres-server/postmaster.ts';
import { freeMemory, prepareServerHome, substituteHomes } from './postgres-server/server-home.ts';
import type { ServerHome } from './postgres-server/server-home.ts';

export interface EmbeddedDatabaseOptions {
  /** Holds the server's files and is kept between starts; made if missing. */
  readonly directory: string;
  /** Another free port is taken when something listens there. Default: any free port. */
  readonly preferredPort?: number;
  /** False: no fsync, and in memory where there is room: the data may be gone after `stop`. Default: true. */
  readonly durable?: boolean;
}

export interface EmbeddedDatabase {
  /** Connects as the owner, a superuser, to the database `studyin`; holds the password. */
  readonly url: string;
  readonly port: number;
  /** For example `18.4`. */
  readonly version: string;
  /** True when the server ran on the folder already. */
  readonly reused: boolean;
  /**
   * Gives the server up; it shuts down when no other living process uses it, or at once with `force`.
   * Idempotent.
   */
  stop(options?: { readonly force?: boolean }): Promise<void>;
  /** SIGKILL of the server, for crash tests. */
  kill(): void;
}

const startAttempts = 5;

function settings(port: number, durable: boolean): string[] {
  const always = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '192MB',
    effective_cache_size: '1GB',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    random_page_cost: 1.1,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%a ',
  };
  const forgetful = {
    fsync: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: 0,
    min_wal_size: '32MB',
    max_wal_size: '512MB',
  };
  const chosen = Object.entries({ ...always, ...(durable ? {} : forgetful) });
  return chosen.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function listen(port: number): Promise<number | null> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') done(null);
      else failed(error);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address() as AddressInfo; // not a string: it listens on TCP
      probe.close(() => done(address.port));
    });
  });
}

/** `preferred` when nothing listens there, else a free port. */
export async function freePort(preferred = 0): Promise<number> {
  const port = (await listen(preferred)) ?? (await listen(0));
  if (port === null) throw new Error('no free port on 127.0.0.1');
  return port;
}

async function startServer(home: ServerHome, options: EmbeddedDatabaseOptions): Promise<Postmaster> {
  const durable = options.durable ?? true;
  await ensureCluster(home, durable);
  let { preferredPort } = options;
  for (let attempt = 1; attempt <= startAttempts; attempt += 1) {
    disarmDeadFiles(home);
    const port = await freePort(preferredPort);
    const postmaster = await launch(home, settings(port, durable));
    if (postmaster !== null) return postmaster;
    // Worth another try: the port was taken meanwhile, or the last sessions of a killed server are still ending.
    const isPortTaken = /could not create any TCP|Address already in use/.test(lastComplaint(home));
    if (isPortTaken) preferredPort = 0;
    else if (!lastComplaint(home).includes('still in use')) break;
    await new Promise((wake) => setTimeout(wake, 200 * attempt));
  }
  throw new Error(`PostgreSQL did not start: ${lastComplaint(home)} (${logFile(home)})`);
}

function urlOf(home: ServerHome, port: number, database: string): string {
  return `postgres://${owner}:${ownerPassword(home)}@127.0.0.1:${port}/${database}`;
}

async function ensureDatabase(home: ServerHome, port: number): Promise<string> {
  const client = new pg.Client({ connectionString: urlOf(home, port, 'postgres') });
  await client.connect();
  try {
    const found = await client.query<{ folder: string; version: string; exists: boolean }>(
      `select current_setting('data_directory') as folder, current_setting('server_version') as version,
              exists (select from pg_database where datname = 'studyin') as exists`,
    );
    const [row] = found.rows;
    if (row?.folder !== dataFolder(home)) throw new Error(`port ${port} is not the server of ${home.folder}`);
    if (!row.exists) await client.query('create database studyin');
    return row.version;
  } finally {
    await client.end();
  }
}

/**
 * Starts the server of a folder, or joins the one that runs there. Promises a database that takes connections.
 * The server survives the death of this process; the next start on the folder joins it.
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const directory = resolve(options.directory);
  return withFolderLock(directory, async () => {
    const home = prepareServerHome(directory, options.durable === false);
    const running = await findRunning(home);
    const postmaster = running ?? (await startServer(home, options));
    if (running === null) dropAllLeases(directory);
    const version = await ensureDatabase(home, postmaster.port).catch(async (error: unknown) => {
      if (running === null) await shutDown(home, postmaster.pid);
      throw error;
    });
    const lease = takeLease(directory);
    return {
      url: urlOf(home, postmaster.port, 'studyin'),
      port: postmaster.port,
      version,
      reused: running !== null,
      stop: (stopOptions) =>
        release(home, { directory, lease, pid: postmaster.pid, force: stopOptions?.force ?? false }),
      kill: () => process.kill(postmaster.pid, 'SIGKILL'),
    };
  });
}

interface Release {
  readonly directory: string;
  readonly lease: string;
  readonly pid: number;
  readonly force: boolean;
}

async function release(home: ServerHome, { directory, lease, pid, force }: Release): Promise<void> {
  await withFolderLock(directory, async () => {
    if (!dropLease(lease) || (hasLeases(directory) && !force)) return;
    await shutDown(home, pid);
    freeMemory(directory, home);
  });
}

/** Shuts down the server of a folder, whoever uses it, and removes its files. */
export async function removeEmbeddedDatabase(directory: string): Promise<void> {
  const path = resolve(directory);
  mkdirSync(path, { recursive: true });
  await withFolderLock(path, async () => {
    const home = prepareServerHome(path, false);
    const running = await findRunning(home);
    if (running !== null) await shutDown(home, running.pid);
    for (const folder of Object.values(substituteHomes(path))) rmSync(folder, { recursive: true, force: true });
    for (const name of ['data', 'data.unfinished', 'home', 'leases', 'password', 'server.log']) {
      rmSync(join(path, name), { recursive: true, force: true });
    }
  });
}
