import { expect } from 'chai';
import { memoryStorage } from '@studyin/client';
import { waitFor } from '@studyin/testkit/wait-for';
import { refusal } from './scripted-server.ts';
import { setUpTracking, watchedStorage } from './tracking-setup.ts';

describe('tracking in trouble', () => {
  const start = setUpTracking();

  for (const [what, failure] of [
    ['a server that is away', 'hang up'],
    ['a token that is refused', refusal('UNAUTHORIZED', 401)],
    ['an address that is wrong', { status: 404, body: '<html></html>' }],
    ['an envelope that is refused', refusal('BAD_REQUEST', 400)],
  ] as const) {
    it(`keeps every act through ${what}, and says what holds it up`, async () => {
      const { client, track, errors, results } = await start({ fail: (_, n) => (n < 2 ? failure : null) });
      track('a', 'b');
      expect(await client.flush()).deep.equal({ waiting: 0 });
      expect(results.map(({ status }) => status)).deep.equal(['accepted', 'accepted']);
      expect(errors).length(2);
    });
  }

  it('waits as long as the server asks, also when it is told to flush', async () => {
    const { server, client, track } = await start({
      fail: (_, n) => (n === 0 ? refusal('TOO_MANY_REQUESTS', 429, { 'retry-after': '1' }) : null),
    });
    track('a');
    void client.flush();
    await waitFor(() => server.requests.length === 1, { intervalMs: 2 });
    await client.flush();
    const [first, second] = server.requests;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).above(990);
  });

  it('listens for the browser to be online again, until it is closed', async () => {
    const heard = new Set<unknown>();
    const listening = {
      addEventListener: (event: string, listener: unknown) => event === 'online' && heard.add(listener),
      removeEventListener: (_event: string, listener: unknown) => heard.delete(listener),
    };
    const { addEventListener, removeEventListener } = globalThis as Partial<typeof listening>; // as: Node has none
    try {
      Object.assign(globalThis, listening);
      const { client, track } = await start();
      track('a');
      expect(heard.size).equal(1);
      await client.close();
      expect(heard.size).equal(0);
    } finally {
      Object.assign(globalThis, { addEventListener, removeEventListener });
    }
  });

  it('stores what it could not store at first, and sends nothing before', async () => {
    const { steps, storage, fail } = watchedStorage();
    const { client, track, errors } = await start({}, { storage });
    await client.flush();
    fail(new Error('the disk is full'), new Error('the disk is full'));
    await track('a')[0]?.stored;
    expect(errors.map(String)).deep.equal(['Error: the disk is full', 'Error: the disk is full']);
    await client.close();
    expect(steps).deep.equal(['claim', 'add a', 'save ids a', 'remove 1', 'release']);
  });

  it('sends nothing whose id could not be stored', async () => {
    const { storage, fail } = watchedStorage();
    const { server, client, track, errors } = await start({}, { storage });
    await track('a')[0]?.stored;
    fail(new Error('the disk is full'));
    await client.flush();
    expect(errors.map(String)).deep.equal(['Error: the disk is full']);
    expect(server.requests).length(1);
  });

  it('goes on where it cannot look for what others left, and says so', async () => {
    const { storage, fail } = watchedStorage();
    fail(new Error('locked'));
    const { client, errors } = await start({}, { storage });
    expect(await client.flush()).deep.equal({ waiting: 0 });
    expect(errors.map(String)).deep.equal(['Error: locked']);
  });

  it('sends what waits, and refuses what comes then', async () => {
    const { client, track, results } = await start();
    track('a');
    const closing = client.close();
    const [late] = track('late');
    expect(await closing).deep.equal({ waiting: 0 });
    expect(await late?.stored.catch((error: unknown) => error)).include({ reason: 'closed' });
    expect(results.map(({ reason }) => reason)).members([undefined, 'closed']);
    expect(await client.flush()).deep.equal({ waiting: 0 });
  });

  it('leaves to the next client what could not be sent', async () => {
    const { steps, storage } = watchedStorage();
    const { client, track } = await start({ fail: () => 'never answer' }, { storage });
    track('a');
    expect(await client.close({ timeoutMs: 100 })).deep.equal({ waiting: 1 });
    expect(steps).deep.equal(['claim', 'add a', 'save ids a', 'release']);
  });

  it('refuses what could never be stored', async () => {
    const { storage } = watchedStorage();
    const { client, track } = await start(
      {},
      { storage: { ...storage, add: () => Promise.reject(new Error('no disk')) } },
    );
    const [act] = track('a');
    await client.close({ timeoutMs: 20 });
    expect(await act?.stored.catch((error: unknown) => error)).include({ reason: 'closed' });
  });

  it('has nothing to do where nothing was tracked', async () => {
    const { server, client } = await start({ answer: () => ({}) }, { storage: memoryStorage() });
    await client.learner.settings.query();
    expect(await client.close()).deep.equal({ waiting: 0 });
    expect(server.requests).length(1);
  });
});
