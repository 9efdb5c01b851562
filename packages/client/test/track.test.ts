import { expect } from 'chai';
import type { QueueStorage, WaitingAct } from '@studyin/client';
import { waitingAct } from './acts.ts';
import { answered, names, sentIn, setUpTracking, watchedStorage } from './tracking-setup.ts';

const sessionId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const questionId = '0b51a1c5-5f1c-4a37-9a0c-111111111111';
const learner = '0b51a1c5-5f1c-4a37-9a0c-222222222222';

describe('tracking', () => {
  const start = setUpTracking();

  it('sends nothing before ten acts wait, then all in one batch', async () => {
    const { server, track, results } = await start();
    for (const { stored } of track(...names(9))) await stored;
    expect(server.requests).length(0);
    track('the tenth');
    await answered(results, 10);
    expect(server.requests.map((request) => sentIn(request).length)).deep.equal([10]);
  });

  it('sends what waits after a time', async () => {
    const { server, track, results } = await start({}, { queue: { batchMs: 30 } });
    track('a', 'b');
    await answered(results, 2);
    expect(server.requests).length(1);
  });

  it('sends what is as large as a batch may be, and no larger batch', async () => {
    const { server, client, results } = await start({}, { queue: { batchBytes: 5000 } });
    for (let n = 0; n < 9; n += 1) {
      client.track.event({ eventType: 'custom', sessionId, name: 'wide', properties: { text: 'ü'.repeat(500) } });
    }
    await answered(results, 8);
    expect((await client.flush()).waiting).equal(0);
    expect(server.requests.length).above(2);
    for (const { bytes } of server.requests) expect(bytes).below(5100);
  });

  it('catches up in batches of 500', async () => {
    const left = Array.from({ length: 1100 }, (_, n) => waitingAct(`${n}`));
    const { server, results } = await start({}, { storage: watchedStorage(left).storage });
    await answered(results, 1100);
    expect(server.requests.map((request) => sentIn(request).length)).deep.equal([500, 500, 100]);
  });

  it('flushes all that was tracked, however little', async () => {
    const { client, track, results } = await start();
    track('a');
    expect(await client.flush()).deep.equal({ waiting: 0 });
    expect(results.map(({ status }) => status)).deep.equal(['accepted']);
  });

  it('flushes no longer than it is told, and goes on afterwards', async () => {
    let isDown = true;
    const { client, track, results } = await start({ fail: () => (isDown ? 'hang up' : null) });
    track('a', 'b');
    expect(await client.flush({ timeoutMs: 50 })).deep.equal({ waiting: 2 });
    isDown = false;
    expect(await client.flush()).deep.equal({ waiting: 0 });
    expect(results).length(2);
  });

  it('makes of each act the event that the API makes of the call of its name', async () => {
    const { server, client } = await start({}, { timezone: 'Europe/Berlin' });
    const { track } = client;
    const materialId = questionId;
    track.sessionStart({ sessionId, deviceType: 'web' });
    track.questionAttempt({ sessionId, questionId, selectedAnswer: 'B', timeToAnswerSeconds: 3, isCorrect: true });
    track.materialInteraction({ sessionId, materialId, durationSeconds: 30 });
    track.sessionPause({ sessionId });
    track.sessionResume({ sessionId, timezone: 'Asia/Tokyo' });
    const reading = track.reading({ sessionId, materialId });
    reading.scrolledTo(40);
    reading.end();
    track.sessionEnd({ sessionId });
    await client.flush();
    const events = sentIn(server.requests[0]).map(({ eventId: _eventId, ...event }) => event);
    const base = { sessionId, timezone: 'Europe/Berlin' };
    expect(events.toSpliced(5, 1)).deep.equal([
      { eventType: 'session_start', ...base, properties: { deviceType: 'web' } },
      {
        eventType: 'question_attempt',
        ...base,
        questionId,
        properties: { selectedAnswer: 'B', timeToAnswerSeconds: 3, isCorrect: true },
      },
      { eventType: 'material_read', ...base, materialId, properties: { durationSeconds: 30 } },
      { eventType: 'session_pause', ...base },
      { eventType: 'session_resume', ...base, timezone: 'Asia/Tokyo' },
      { eventType: 'session_end', ...base },
    ]);
    expect(events[5])
      .deep.include({ eventType: 'material_read', materialId })
      .nested.include({ 'properties.scrollDepthPercent': 40 });
  });

  for (const [what, options, timezone] of [
    ['the zone of the device', {}, new Intl.DateTimeFormat().resolvedOptions().timeZone],
    ['no zone, if it is told so', { timezone: null }, undefined],
    ['no zone of its own for a learner who is elsewhere', { userId: learner }, undefined],
    ['the zone it is told', { userId: learner, timezone: 'Asia/Tokyo' }, 'Asia/Tokyo'],
  ] as const) {
    it(`gives acts ${what}`, async () => {
      const { server, client, track } = await start({}, options);
      track('a');
      await client.flush();
      expect(sentIn(server.requests[0])[0]?.timezone).equal(timezone);
    });
  }

  it('stores for whom an act is, so that a later client cannot take it for another', async () => {
    const { steps, storage } = watchedStorage();
    const added: WaitingAct[] = [];
    const add: QueueStorage['add'] = (acts) => {
      added.push(...acts);
      return storage.add(acts);
    };
    const { track } = await start({}, { userId: learner, storage: { ...storage, add } });
    await track('a')[0]?.stored;
    expect(steps).deep.equal(['claim', 'add a']);
    expect(added[0]?.event).include({ userId: learner });
  });

  it('takes an act as it is when it is tracked', async () => {
    const { server, client } = await start();
    const properties = { count: 1 };
    client.track.event({ eventType: 'custom', sessionId, name: 'act', properties });
    properties.count = 2;
    await client.flush();
    expect(sentIn(server.requests[0])[0]).deep.include({ properties: { count: 1 } });
  });

  it('ends what is being read when it is closed', async () => {
    const { server, client } = await start();
    client.track.reading({ sessionId, materialId: questionId });
    await client.close();
    expect(sentIn(server.requests[0]).map(({ eventType }) => eventType)).deep.equal(['material_read']);
  });
});
