import { TRPCClientError } from '@trpc/client';
import { expect } from 'chai';
import { NoAnswerError, createClient } from '@studyin/client';
import type { Client, ClientOptions } from '@studyin/client';
import { refusal, startScriptedServer } from './scripted-server.ts';
import type { Script, ScriptedServer } from './scripted-server.ts';
import { eventsFor, smallEvent } from './events.ts';

const learner = '0b51a1c5-5f1c-4a37-9a0c-111111111111';
const other = '0b51a1c5-5f1c-4a37-9a0c-222222222222';

async function rejectionOf(promise: Promise<unknown>): Promise<TRPCClientError<never>> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TRPCClientError) return error;
    throw error;
  }
  return expect.fail('it was fulfilled');
}

describe('a client', () => {
  const servers: ScriptedServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  async function start(
    script: Script = {},
    options: Partial<ClientOptions> = {},
  ): Promise<{ client: Client; server: ScriptedServer }> {
    const server = await startScriptedServer(script);
    servers.push(server);
    return { server, client: createClient({ url: server.url, token: 'a.b.c', ...options }) };
  }

  it('sends its token and finds the API below the root, whatever slash ends it', async () => {
    const { server } = await start();
    await createClient({ url: `${server.url}//`, token: 'a.b.c' }).learner.settings.query();
    expect(server.requests).length(1);
    expect(server.requests[0]).include({ method: 'GET', token: 'Bearer a.b.c' });
    expect(server.requests[0]?.calls).deep.equal([{ path: 'learner.settings', input: undefined }]);
  });

  it('asks for a token before each request', async () => {
    let asked = 0;
    const { client, server } = await start({}, { token: () => Promise.resolve(`token-${(asked += 1)}`) });
    await client.dashboard.overview.query();
    await client.dashboard.overview.query();
    expect(server.requests.map(({ token }) => token)).deep.equal(['Bearer token-1', 'Bearer token-2']);
  });

  it('joins calls of one tick, ten in a request', async () => {
    const { client, server } = await start();
    const answers: unknown[] = await Promise.all(eventsFor(25).map((event) => client.tracking.event.mutate(event)));
    expect(server.requests.map(({ calls }) => calls.length)).deep.equal([10, 10, 5]);
    expect(answers).length(25);
  });

  it('sends a large call by itself, so that no shared body meets the limit', async () => {
    const { client, server } = await start();
    const batches = Array.from({ length: 3 }, () => eventsFor(500));
    await Promise.all([
      ...batches.map((events) => client.tracking.events.mutate({ events: [...events] })),
      client.tracking.event.mutate(smallEvent(0)),
    ]);
    expect(server.requests.map(({ calls }) => calls.length)).deep.equal([1, 1, 1, 1]);
    expect(server.requests.filter(({ url }) => url.includes('batch=1'))).length(1);
  });

  it('keeps URLs of queries short', async () => {
    const { client, server } = await start();
    const topicIds = Array.from({ length: 20 }, () => crypto.randomUUID());
    await Promise.all(Array.from({ length: 12 }, () => client.dashboard.mastery.query({ topicIds })));
    expect(server.requests.flatMap(({ calls }) => calls)).length(12);
    for (const { url } of server.requests) expect(url.length).below(7100);
  });

  it('names its learner wherever one may be named, and nowhere else', async () => {
    const { client, server } = await start({}, { userId: learner });
    const first = smallEvent(0);
    const second = smallEvent(1);
    await client.dashboard.overview.query();
    await client.dashboard.heatmap.query({ days: 7 });
    await client.dashboard.heatmap.query({ userId: other });
    await client.learner.settings.query();
    await client.tracking.events.mutate({ events: [first, { ...second, userId: other }] });
    expect(server.requests.flatMap(({ calls }) => calls).map(({ input }) => input)).deep.equal([
      { userId: learner },
      { days: 7, userId: learner },
      { userId: other },
      undefined,
      {
        events: [
          { ...first, userId: learner },
          { ...second, userId: other },
        ],
      },
    ]);
  });

  it('uses the fetch it is given', async () => {
    let fetched = 0;
    const counting: typeof fetch = (input, init) => {
      fetched += 1;
      return fetch(input, init);
    };
    const { client } = await start({}, { fetch: counting });
    await client.learner.settings.query();
    expect(fetched).equal(1);
  });

  it('throws what the server answered, with its code', async () => {
    const { client } = await start({ fail: () => refusal('NOT_FOUND', 404) });
    const error = await rejectionOf(client.dashboard.overview.query());
    expect(error.data).include({ code: 'NOT_FOUND', httpStatus: 404 });
  });

  it('tells an answer of the API from a page of a proxy', async () => {
    const { client } = await start({
      fail: () => ({ status: 502, headers: { 'retry-after': '7' }, body: '<h1>Bad gateway</h1>' }),
    });
    const { cause } = await rejectionOf(client.dashboard.overview.query());
    expect(cause).instanceOf(NoAnswerError).include({ status: 502, retryAfter: '7' });
  });

  it('says so when the server cannot be reached', async () => {
    const { client, server } = await start();
    await server.close();
    const { cause } = await rejectionOf(client.dashboard.overview.query());
    expect(cause).instanceOf(NoAnswerError).include({ status: null });
  });

  it('waits for an answer no longer than it was told', async () => {
    const { client } = await start({ fail: () => 'never answer' }, { timeoutMs: 50 });
    const { cause } = await rejectionOf(client.dashboard.overview.query());
    expect(cause).instanceOf(NoAnswerError);
    expect(String(cause)).contain('no answer within 50 ms');
  });
});
