import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { silentLog } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { envToConfig } from '../src/config.ts';
import { clientTimeouts } from '../src/server-limits.ts';
import { startApi } from '../src/start-api.ts';
import type { RunningApi } from '../src/start-api.ts';
import { testEnv } from './test-api.ts';

type Client = { readonly socket: Socket; readonly state: { text: string; isClosed: boolean } };

describe('a slow client', () => {
  const database = useTestDatabase();
  const sockets: Socket[] = [];
  const running: RunningApi[] = [];
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(running.map((api) => api.stop({ noticeMs: 0 })));
  });

  const start = async (limits: { readonly headersMs: number; readonly requestMs: number }): Promise<RunningApi> => {
    const log = { ...silentLog, debug: () => undefined };
    const timeouts = { ...limits, checkMs: 100 };
    const api = await startApi(envToConfig(testEnv(database().url)), { log, timeouts });
    running.push(api);
    return api;
  };
  const open = (api: RunningApi): Client => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    sockets.push(socket);
    const state = { text: '', isClosed: false };
    socket.on('data', (text) => (state.text += text.toString()));
    socket.on('close', () => (state.isClosed = true)).on('error', () => undefined);
    return { socket, state };
  };
  /** Sends a byte now and then, as long as somebody listens. */
  const drip = ({ socket, state }: Client, text: string): void => {
    socket.write(text);
    const timer = setInterval(() => (state.isClosed ? clearInterval(timer) : socket.write('x')), 50);
  };

  // One limit of each server is far beyond what the test waits for, so that it is the other one that ends the call.
  const slow = [
    [
      'the head of its request',
      'GET /livez HTTP/1.1\r\nHost: api\r\nX-Slow: ',
      { headersMs: 1_000, requestMs: 60_000 },
    ],
    [
      'its body',
      'POST /trpc/tracking.events HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
      { headersMs: 1_500, requestMs: 1_500 },
    ],
  ] as const;
  slow.forEach(([what, head, limits]) => {
    it(`who drips ${what} is answered 408 and let go, and others are served meanwhile`, async () => {
      const api = await start(limits);
      const client = open(api);
      // One call may itself be late where the machine stands still.
      const isServed = async (): Promise<boolean> => (await fetch(`${api.url}/livez`)).status === 200;
      drip(client, head);
      await waitFor(isServed);
      await waitFor(() => client.state.isClosed, { what: 'the end of the connection' });
      expect(client.state.text).to.match(/^HTTP\/1\.1 408 /);
      await waitFor(isServed);
    });
  });

  it('has ten seconds for the head and thirty for all in a process that serves', () => {
    expect(clientTimeouts.headersMs + clientTimeouts.checkMs).to.be.at.most(12_000);
    expect(clientTimeouts.requestMs + clientTimeouts.checkMs).to.be.at.most(32_000);
  });
});
