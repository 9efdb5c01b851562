// The process itself: what it says when it cannot start, and how it leaves.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import { createTestDatabase, useTestDatabase } from '@studyin/testkit/test-database';
import { silentLog } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import type { Env } from '@studyin/settings/read-settings';
import { envToConfig } from '../src/config.ts';
import { startApi } from '../src/start-api.ts';
import { testEnv } from './test-api.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

type Process = {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly exit: Promise<number | null>;
};

function start(env: Env): Process {
  const child = spawn(process.execPath, ['--conditions=@studyin/source', main], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, exit };
}

/** Requires that the process ends with 1 and one line. */
async function lineOf(env: Env): Promise<string> {
  const { output, exit } = start(env);
  expect(await exit, output.stderr).to.equal(1);
  expect(output.stderr.trim().split('\n'), output.stderr).to.have.length(1);
  expect(output.stdout).to.equal('');
  return output.stderr;
}

async function takePort(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // as: a server that listens on TCP
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe('an API that stops', () => {
  const database = useTestDatabase();

  it('is unready at once, still serves for a while and asks clients to leave, and then is gone', async () => {
    const log = { ...silentLog, debug: () => undefined };
    const api = await startApi(envToConfig(testEnv(database().url)), { log });
    const ask = (path: string) => fetch(`${api.url}${path}`);
    expect((await ask('/readyz')).status).to.equal(200);
    const stopped = api.stop({ noticeMs: 2_000 });
    const [unready, served] = await Promise.all([ask('/readyz'), ask('/livez')]);
    expect([unready.status, unready.headers.get('connection')]).to.deep.equal([503, 'close']);
    expect([served.status, served.headers.get('connection')]).to.deep.equal([200, 'close']);
    await stopped;
    expect(await ask('/livez').catch(() => null)).to.equal(null);
  });
});

describe('the process of the API', () => {
  const database = useTestDatabase();

  it('names a wrong setting and ends with 1', async () => {
    expect(await lineOf({ ...testEnv(database().url), STUDYIN_PORT: 'abc' })).to.match(/^STUDYIN_PORT must be /);
  });

  it('says that the database cannot be reached, without the password', async () => {
    const taken = await takePort();
    await taken.close();
    const { port } = taken;
    const line = await lineOf(testEnv(`postgres://studyin:secret-word@127.0.0.1:${port}/studyin`));
    expect(line).to.equal(`The database at 127.0.0.1:${port} cannot be reached; is it running?\n`);
  });

  it('says that the database has another name, or the role is not there', async () => {
    const url = new URL(database().url);
    url.pathname = '/no_such_database';
    expect(await lineOf(testEnv(url.href))).to.include('has no database of the name');
    expect(await lineOf({ ...testEnv(database().url), STUDYIN_ROLE: 'no_such_role' })).to.include('STUDYIN_ROLE');
  });

  it('asks for studyin migrate where a migration is missing', async () => {
    const old = await createTestDatabase();
    const owner = connect({ url: old.url, poolSize: 1, applicationName: 'studyin-test' });
    await owner.reader.query(
      statement('test.forget', `delete from schema_migrations where name = (select max(name) from schema_migrations)`),
    );
    await owner.close();
    expect(await lineOf(testEnv(old.url))).to.include('run studyin migrate');
    await old.drop();
  });

  it('says that its port is in use', async () => {
    const taken = await takePort();
    const { port } = taken;
    expect(await lineOf({ ...testEnv(database().url), STUDYIN_PORT: String(port) })).to.match(
      new RegExp(`^Port ${port} of 127.0.0.1 is in use; set STUDYIN_PORT`),
    );
    await taken.close();
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`says where it listens, and on ${signal} ends with 0`, async () => {
      const { child, output, exit } = start(testEnv(database().url));
      const url = await waitFor(() => /"event":"api.listening","url":"([^"]+)"/.exec(output.stdout)?.[1]);
      expect((await fetch(`${url}/readyz`)).status).to.equal(200);
      child.kill(signal);
      expect(await exit, output.stderr).to.equal(0);
      expect(output.stdout).to.include('api.stopped');
      expect(output.stderr).to.equal('');
    });
  }
});
