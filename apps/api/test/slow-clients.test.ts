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
  let api: RunningApi;
  before(async () => {
    const log = { ...silentLog, debug: () => undefined };
    const timeouts = { headersMs: 300, requestMs: 1_500, checkMs: 100 };
    api = await startApi(envToConfig(testEnv(database().url)), { log, timeouts });
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await api.stop({ noticeMs: 0 });
  });

  const open = (): Client => {
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

  // How long each may take at least and at most: the head has a limit of its own, which is the shorter one.
  const heads = [
    ['the head of its request', 'GET /livez HTTP/1.1\r\nHost: api\r\nX-Slow: ', [250, 1_400]],
    [
      'its body',
      'POST /trpc/tracking.events HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
      [1_400, 5_000],
    ],
  ] as const;
  heads.forEach(([what, head, [least, most]]) => {
    it(`who drips ${what} is answered 408 and let go, and others are served meanwhile`, async () => {
      const client = open();
      const started = performance.now();
      drip(client, head);
      expect((await fetch(`${api.url}/livez`)).status).to.equal(200);
      await waitFor(() => client.state.isClosed, { what: 'the end of the connection', timeoutMs: 5_000 });
      expect(performance.now() - started).to.be.within(least, most);
      expect(client.state.text).to.match(/^HTTP\/1\.1 408 /);
      expect((await fetch(`${api.url}/livez`)).status).to.equal(200);
    });
  });

  it('has ten seconds for the head and thirty for all in a process that serves', () => {
    expect(clientTimeouts.headersMs + clientTimeouts.checkMs).to.be.at.most(12_000);
    expect(clientTimeouts.requestMs + clientTimeouts.checkMs).to.be.at.most(32_000);
  });
});
