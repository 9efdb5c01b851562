import { expect } from 'chai';
import type { QueueStorage } from '@studyin/client';
import { namedEvent, timeOf, waitingAct } from './acts.ts';
import { accept, answerWith, sentIn, setUpTracking, watchedStorage } from './tracking-setup.ts';
import type { Results } from './tracking-setup.ts';

describe('the identity of what is tracked', () => {
  const start = setUpTracking();

  it('stores an act before its promise, its id before it is sent, and forgets it after its result', async () => {
    const { steps, storage } = watchedStorage();
    const { client } = await start(
      { fail: () => (steps.push('send') > 0 ? null : 'hang up') },
      { storage, onResult: () => steps.push('result') },
    );
    await client.track.event(namedEvent('a')).stored;
    steps.push('stored');
    await client.close();
    expect(steps).deep.equal(['claim', 'add a', 'stored', 'save ids a', 'send', 'result', 'remove 1', 'release']);
  });

  it('sends the same id until there is an answer', async () => {
    const { server, client, track } = await start({ fail: (_, n) => (n < 3 ? 'hang up' : null) });
    track('a');
    await client.flush();
    expect(server.requests).length(4);
    expect(new Set(server.requests.map((request) => sentIn(request)[0]?.eventId)).size).equal(1);
  });

  it('keeps the id that an earlier process minted', async () => {
    const left = [waitingAct('sent', { eventId: 'its id' }), waitingAct('new')];
    const { server, client } = await start({}, { storage: watchedStorage(left).storage });
    await client.flush();
    const ids = sentIn(server.requests[0]).map(({ eventId }) => eventId);
    expect(ids[0]).equal('its id');
    expect(Math.abs(timeOf(ids[1]) - Date.now())).below(60_000);
  });

  it('corrects the time of the capture by what it learned of the server’s clock', async () => {
    const aheadMs = 3_600_000;
    const { server, client, track } = await start({
      answer: answerWith(accept, () => new Date(Date.now() + aheadMs)),
    });
    for (const name of ['first', 'second']) {
      track(name);
      await client.flush();
    }
    const times = server.requests.map((request) => timeOf(sentIn(request)[0]?.eventId) - Date.now());
    expect(times[0]).within(-30_000, 0);
    expect(times[1]).within(aheadMs - 30_000, aheadMs + 30_000);
  });

  it('mints another id, once, for an act that the server finds to be in the future', async () => {
    const behindMs = -3_600_000;
    const skewed: Results = (events) =>
      events.map(({ eventId, name }) =>
        name === 'never' || timeOf(eventId) > Date.now() + behindMs + 300_000
          ? { eventId, status: 'rejected', reason: 'clock_skew', path: 'eventId' }
          : { eventId, status: 'accepted' },
      );
    const { server, client, track, results } = await start({
      answer: answerWith(skewed, () => new Date(Date.now() + behindMs)),
    });
    track('once', 'never');
    expect(await client.flush()).deep.equal({ waiting: 0 });
    expect(server.requests).length(2);
    expect(results.map(({ status, reason }) => [status, reason])).deep.equal([
      ['accepted', undefined],
      ['rejected', 'clock_skew'],
    ]);
    expect(timeOf(results[0]?.eventId) - Date.now()).within(behindMs - 30_000, behindMs + 30_000);
  });

  it('mints no third id in a later process', async () => {
    const left = [waitingAct('a', { eventId: 'its second', isReminted: true })];
    const skewed: Results = (events) =>
      events.map(({ eventId }) => ({ eventId, status: 'rejected', reason: 'clock_skew' }));
    const { client, results, server } = await start(
      { answer: answerWith(skewed) },
      { storage: watchedStorage(left).storage },
    );
    await client.flush();
    expect(server.requests).length(1);
    expect(results).deep.equal([
      { eventId: 'its second', status: 'rejected', reason: 'clock_skew', event: namedEvent('a') },
    ]);
  });

  it('does not send what another client has taken over', async () => {
    const { storage } = watchedStorage();
    const saveIds: QueueStorage['saveIds'] = (acts) => Promise.resolve(acts.slice(1));
    const { server, client, track } = await start({}, { storage: { ...storage, saveIds } });
    track('taken', 'ours');
    expect(await client.flush()).deep.equal({ waiting: 0 });
    expect(server.requests.flatMap(sentIn).map(({ name }) => name)).deep.equal(['ours']);
  });
});
