import { expect } from 'chai';
import { createClient, sendBatch, sendEvents } from '@studyin/client';
import type { ClientOptions, EventInput, EventResult, SendEventsOptions, SendProgress } from '@studyin/client';
import { waitFor } from '@studyin/testkit/wait-for';
import { eventsOf, refusal, startScriptedServer } from './scripted-server.ts';
import type { Request, Script, ScriptedServer } from './scripted-server.ts';
import { eventsFor, smallEvent, wideEvent } from './events.ts';

const page = (status: number, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers,
  body: '<html></html>',
});
const idsOf = (items: readonly { readonly eventId?: string | null | undefined }[]) =>
  items.map(({ eventId }) => eventId);
const firstFails =
  (failure: ReturnType<typeof refusal>): Script['fail'] =>
  (_request: Request, n: number) =>
    n === 0 ? failure : null;

describe('sending events', () => {
  const servers: ScriptedServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  async function start(script: Script = {}, options: Partial<ClientOptions> = {}) {
    const server = await startScriptedServer(script);
    servers.push(server);
    const client = createClient({ url: server.url, token: 'a.b.c', ...options });
    const send = (events: readonly EventInput[], sending?: SendEventsOptions): Promise<readonly EventResult[]> =>
      sendEvents(client, events, sending);
    return { server, client, send };
  }

  async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
      () => expect.fail('it was fulfilled'),
      (error: unknown) => error,
    );
  }

  it('answers 1,000 events in their order, from two requests', async () => {
    const { server, send } = await start();
    const events = eventsFor(1000);
    const progress: SendProgress[] = [];
    const results = await send(events, { onProgress: (state) => progress.push(state) });
    expect(idsOf(results)).deep.equal(idsOf(events));
    expect(server.requests.map((request) => eventsOf(request).length)).deep.equal([500, 500]);
    expect(progress).deep.equal([
      { answered: 500, total: 1000 },
      { answered: 1000, total: 1000 },
    ]);
  });

  it('keeps every body under the limit of 256 KB', async () => {
    const { server, send } = await start({}, { userId: '0b51a1c5-5f1c-4a37-9a0c-111111111111' });
    const events = eventsFor(1000, wideEvent);
    expect(idsOf(await send(events))).deep.equal(idsOf(events));
    expect(Math.max(...server.requests.map(({ bytes }) => bytes))).within(150_000, 256 * 1024);
  });

  it('makes no request for no events', async () => {
    const { server, send } = await start();
    expect(await send([])).deep.equal([]);
    expect(server.requests).length(0);
  });

  for (const [what, failure] of [
    ['a connection that breaks', 'hang up'],
    ['an overloaded server', refusal('TOO_MANY_REQUESTS', 429)],
    ['a server without its database', refusal('SERVICE_UNAVAILABLE', 503)],
    ['an error inside the server', refusal('INTERNAL_SERVER_ERROR', 500)],
    ['a proxy without its server', page(502)],
    ['a page with status 200', page(200)],
  ] as const) {
    it(`repeats the same events after ${what}`, async () => {
      const { server, send } = await start({ fail: firstFails(failure) });
      const events = eventsFor(3);
      expect(idsOf(await send(events))).deep.equal(idsOf(events));
      expect(server.requests.map(eventsOf)).deep.equal([events, events]);
    });
  }

  it('repeats after a request that was never answered', async () => {
    const { server, send } = await start({ fail: firstFails('never answer') }, { timeoutMs: 50 });
    expect(await send(eventsFor(3))).length(3);
    expect(server.requests.length).at.least(2);
  });

  for (const [who, failure] of [
    ['the API', refusal('TOO_MANY_REQUESTS', 429, { 'retry-after': '1' })],
    ['a proxy', page(503, { 'retry-after': '1' })],
  ] as const) {
    it(`waits as long as ${who} asks`, async () => {
      const { server, send } = await start({ fail: firstFails(failure) });
      await send(eventsFor(1));
      const [first = NaN, second = NaN] = server.requests.map(({ atMs }) => atMs);
      expect(second - first).at.least(990);
    });
  }

  it('gives up at once where the server asks for more time than there is', async () => {
    const { server, send } = await start({ fail: () => refusal('TOO_MANY_REQUESTS', 429, { 'retry-after': '60' }) });
    expect(await rejectionOf(send(eventsFor(1), { giveUpAfterMs: 5000 })))
      .property('data')
      .include({ code: 'TOO_MANY_REQUESTS' });
    expect(server.requests).length(1);
  });

  it('gives up in the end, with the last error', async () => {
    const { server, send } = await start({ fail: () => refusal('SERVICE_UNAVAILABLE', 503) });
    expect(await rejectionOf(send(eventsFor(1), { giveUpAfterMs: 4000 })))
      .property('data')
      .include({ code: 'SERVICE_UNAVAILABLE' });
    expect(server.requests.length).within(2, 7);
  });

  for (const [what, failure] of [
    ['a token that is refused', refusal('UNAUTHORIZED', 401)],
    ['an input that is refused', refusal('BAD_REQUEST', 400)],
    ['a page of a wrong address', page(404)],
  ] as const) {
    it(`does not repeat after ${what}`, async () => {
      const { server, send } = await start({ fail: () => failure });
      expect(await rejectionOf(send(eventsFor(1)))).instanceOf(Error);
      expect(server.requests).length(1);
    });
  }

  it('does not repeat when no token can be had', async () => {
    const { server, send } = await start({}, { token: () => Promise.reject(new Error('signed out')) });
    expect(await rejectionOf(send(eventsFor(1))))
      .property('message')
      .equal('signed out');
    expect(server.requests).length(0);
  });

  for (const [who, failure] of [
    ['the API', refusal('PAYLOAD_TOO_LARGE', 413)],
    ['a proxy', page(413)],
  ] as const) {
    it(`halves what is too large for ${who}, and keeps the order`, async () => {
      const { server, send } = await start({ fail: (request) => (request.bytes > 30_000 ? failure : null) });
      const events = eventsFor(100, wideEvent);
      expect(idsOf(await send(events))).deep.equal(idsOf(events));
      expect(server.requests.map((request) => eventsOf(request).length)).deep.equal([100, 50, 25, 25, 50, 25, 25]);
    });
  }

  it('rejects the one event that is too large by itself, and no other', async () => {
    const huge: EventInput = {
      ...smallEvent(2),
      eventType: 'custom',
      name: 'huge',
      properties: { text: 'x'.repeat(300_000) },
    };
    const events = [smallEvent(0), smallEvent(1), huge, smallEvent(3)];
    const { send } = await start({
      fail: ({ bytes }) => (bytes > 256 * 1024 ? refusal('PAYLOAD_TOO_LARGE', 413) : null),
    });
    const results = await send(events);
    expect(results.map(({ status }) => status)).deep.equal(['accepted', 'accepted', 'rejected', 'accepted']);
    expect(results[2]).deep.equal({ eventId: huge.eventId, status: 'rejected', reason: 'invalid' });
  });

  for (const [when, failure] of [
    ['between two tries', refusal('TOO_MANY_REQUESTS', 429, { 'retry-after': '30' })],
    ['while it waits for an answer', 'never answer'],
  ] as const) {
    it(`ends when it is told to ${when}`, async () => {
      const ending = new AbortController();
      const { server, send } = await start({ fail: () => failure });
      const sending = rejectionOf(send(eventsFor(1), { signal: ending.signal }));
      await waitFor(() => server.requests.length > 0, { what: 'the first try' });
      ending.abort(new Error('closed'));
      expect(await sending)
        .property('message')
        .equal('closed');
      expect(server.requests).length(1);
    });
  }

  it('gives the server time of a batch along with its results', async () => {
    const { client } = await start();
    const { serverTime, results } = await sendBatch(client, eventsFor(2));
    expect({ serverTime, results: results.length }).deep.equal({ serverTime: '2026-01-01T00:00:00.000Z', results: 2 });
  });

  it('does not take an answer that lacks results', async () => {
    const { send } = await start({ answer: () => ({ results: [], serverTime: '2026-01-01T00:00:00.000Z' }) });
    expect(await rejectionOf(send(eventsFor(2))))
      .property('message')
      .equal('2 events were sent, 0 were answered');
  });
});
