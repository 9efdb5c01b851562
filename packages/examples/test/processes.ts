// An API and a worker as processes of their own, on a database that a test has made.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '@studyin/testkit/wait-for';
import { root } from './pages.ts';

export const tokenSecret = 'token-secret-of-the-examples-00000001';

export type RunningProcess = {
  readonly url: string;
  /** All it has written to standard output. */
  output(): string;
  stop(): Promise<void>;
};

type Env = Readonly<Record<string, string>>;

/** Starts `apps/<app>` and waits until it is ready. */
export async function startProcess(app: 'api' | 'worker', databaseUrl: string, env: Env = {}): Promise<RunningProcess> {
  const port = String(await findFreePort());
  const child = spawn(process.execPath, ['--conditions=@studyin/source', join(root, 'apps', app, 'src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      STUDYIN_SESSION_KEY: 'session-key-of-the-examples-00000001',
      STUDYIN_SUBJECT_KEY: 'subject-key-of-the-examples-00000001',
      STUDYIN_TOKEN_SECRET: tokenSecret,
      STUDYIN_PORT: port,
      STUDYIN_WORKER_PORT: port,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.on('data', (text: Buffer) => (written += text.toString()));
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitFor(isReady, { what: `a ready ${app}`, timeoutMs: 60_000 });
  return { url, output: () => written, stop: () => endProcess(child) };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // as: it listens on TCP
  server.close();
  await once(server, 'close');
  return port;
}
