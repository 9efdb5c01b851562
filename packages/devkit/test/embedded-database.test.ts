import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { removeEmbeddedDatabase, startEmbeddedDatabase } from '../src/embedded-database.ts';
import type { EmbeddedDatabase } from '../src/embedded-database.ts';
import { hasEnded } from '../src/postgres-server/processes.ts';

async function ask(url: string, text: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query<Record<string, unknown>>(text);
    return found.rows[0];
  } finally {
    await client.end();
  }
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it should have failed');
}

function occupyPort(): Promise<Server> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => done(server));
  });
}

function makeFolder(mode: number): string {
  // The real path: PostgreSQL reports its folder without links, and macOS has one in its temporary folder.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'studyin-embedded-')));
  chmodSync(folder, mode);
  return folder;
}

describe('the embedded database', () => {
  const directory = makeFolder(0o755);
  let database: EmbeddedDatabase;

  const start = async (options: { preferredPort?: number } = {}): Promise<EmbeddedDatabase> => {
    database = await startEmbeddedDatabase({ directory, ...options });
    return database;
  };

  const kill = async (): Promise<void> => {
    database.kill();
    await database.stop();
  };

  afterEach(() => database.stop({ force: true }));

  after(async () => {
    await removeEmbeddedDatabase(directory);
    rmSync(directory, { recursive: true, force: true });
  });

  it('is a durable UTF-8 server that listens on the loopback address alone', async () => {
    const { url, version, reused } = await start();
    const found = await ask(
      url,
      `select current_user as login, current_database() as database, pg_encoding_to_char(encoding) as encoding,
              datcollate as locale, current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets, current_setting('fsync') as fsync
         from pg_database where datname = current_database()`,
    );
    expect(found).to.deep.equal({
      login: 'studyin',
      database: 'studyin',
      encoding: 'UTF8',
      locale: 'C',
      addresses: '127.0.0.1',
      sockets: '',
      fsync: 'on',
    });
    expect(version).to.equal('18.4');
    expect(reused).to.equal(false);
  });

  it('lets nobody in without the password, which only its owner can read', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'wrong';
    expect(await failureOf(ask(wrong.href, 'select 1'))).to.have.property('code', '28P01');
    expect(statSync(join(directory, 'password')).mode & 0o777).to.equal(0o600);
  });

  it('keeps its rows between starts', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 42 as n');
    await first.stop();
    const second = await start();
    expect(second.reused).to.equal(false);
    expect(await ask(second.url, 'select n from kept')).to.deep.equal({ n: 42 });
  });

  it('is joined by a second user of the folder and lives until the last one leaves', async () => {
    const first = await start();
    const second = await start();
    expect(second).to.include({ reused: true, port: first.port });
    await first.stop();
    await first.stop();
    expect(await ask(second.url, 'select 1 as n')).to.deep.equal({ n: 1 });
    await second.stop();
    expect(await failureOf(ask(second.url, 'select 1'))).to.have.property('code', 'ECONNREFUSED');
  });

  it('is started once when two ask at the same time', async () => {
    const both = await Promise.all([start(), start()]);
    expect(both.map(({ reused }) => reused)).to.have.members([false, true]);
    expect(both[0].port).to.equal(both[1].port);
  });

  it('comes back with every acknowledged row after it was killed', async () => {
    const first = await start();
    await ask(first.url, 'create table acknowledged as select generate_series(1, 1000) as n');
    await kill();
    const second = await start();
    expect(await ask(second.url, 'select count(*)::int as n from acknowledged')).to.deep.equal({ n: 1000 });
  });

  it('takes its preferred port when it is free, and another when something listens there', async () => {
    const occupant = await occupyPort();
    const { port: taken } = occupant.address() as AddressInfo; // it listens on TCP
    const elsewhere = await start({ preferredPort: taken });
    expect(elsewhere.port).to.not.equal(taken);
    expect(await ask(elsewhere.url, 'select 1 as n')).to.deep.equal({ n: 1 });
    await elsewhere.stop();
    await new Promise((closed) => occupant.close(closed));
    expect(await start({ preferredPort: taken })).to.have.property('port', taken);
  });

  const killLeaving = async (pid: number): Promise<void> => {
    await kill();
    const file = join(directory, 'data', 'postmaster.pid');
    const [, ...rest] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [pid, ...rest].join('\n'));
  };

  it('starts although the process number of a killed server belongs to another process by now', async () => {
    await start();
    await killLeaving(process.pid);
    expect(await start()).to.have.property('reused', false);
  });

  it('starts although nobody has reaped the killed server yet', async () => {
    await start();
    const { uid, gid } = statSync(join(directory, 'data')); // PostgreSQL looks only at numbers of its own user
    const command = 'sleep 0.2 & echo $!; exec sleep 60'; // the second sleep reaps nobody
    const parent = spawn('sh', ['-c', command], { uid, gid, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      expect(await hasEnded(pid, 10_000)).to.equal(true);
      await killLeaving(pid);
      expect(await start()).to.have.property('reused', false);
    } finally {
      parent.kill();
    }
  });

  it('starts although a crash of the machine left an empty process file', async () => {
    await start();
    await kill();
    writeFileSync(join(directory, 'data', 'postmaster.pid'), '');
    expect(await start()).to.have.property('reused', false);
  });

  it('refuses a folder that another major version of PostgreSQL made', async () => {
    await (await start()).stop();
    const file = join(directory, 'data', 'PG_VERSION');
    writeFileSync(file, '17\n');
    const error = await failureOf(start());
    writeFileSync(file, '18\n');
    expect(error.message).to.include('was made by PostgreSQL 17');
  });
});

describe('an embedded database outside of the checkout', () => {
  let directory: string;

  beforeEach(() => {
    directory = makeFolder(0o700);
  });

  afterEach(async () => {
    await removeEmbeddedDatabase(directory);
    rmSync(directory, { recursive: true, force: true });
  });

  it('serves root from a folder of its own when the checkout is closed to others', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const database = await startEmbeddedDatabase({ directory });
    const found = await ask(database.url, `select current_setting('data_directory') as folder`);
    expect(found?.['folder']).to.match(/^\S*\/studyin-[0-9a-f]{16}\/data$/);
    expect(found?.['folder']).to.equal(join(realpathSync(join(directory, 'home')), 'data'));
    await database.stop();
  });

  it('is never a new one where a folder with rows was closed to others: that is refused', async function () {
    if (process.getuid?.() !== 0) this.skip();
    chmodSync(directory, 0o755);
    const first = await startEmbeddedDatabase({ directory });
    await ask(first.url, 'create table kept as select 42 as n');
    await first.stop();
    chmodSync(directory, 0o700);
    const error = await failureOf(startEmbeddedDatabase({ directory }));
    expect(error.message).to.include(`${directory} holds a database`).and.to.include('chmod a+x');
    chmodSync(directory, 0o755);
    const again = await startEmbeddedDatabase({ directory });
    expect(await ask(again.url, 'select n from kept')).to.deep.equal({ n: 42 });
    await again.stop();
  });

  it('leaves nothing in memory when its last user stops it', async () => {
    const database = await startEmbeddedDatabase({ directory, durable: false });
    const found = await ask(database.url, `select current_setting('data_directory') as folder`);
    const folder = String(found?.['folder']);
    await database.stop();
    expect(existsSync(folder)).to.equal(!folder.startsWith('/dev/shm/'));
  });

  it('is removed with everything it left there', async () => {
    const database = await startEmbeddedDatabase({ directory, durable: false });
    const found = await ask(
      database.url,
      `select current_setting('data_directory') as folder, current_setting('fsync') as fsync`,
    );
    expect(found?.['fsync']).to.equal('off');
    await removeEmbeddedDatabase(directory);
    expect(existsSync(String(found?.['folder']))).to.equal(false);
    expect(await failureOf(ask(database.url, 'select 1'))).to.have.property('code', 'ECONNREFUSED');
  });
});
