import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createClient, memoryStorage, newEventId, sendBatch, sendEvents } from '@studyin/client';
import type { Client, EventInput, TrackResult } from '@studyin/client';
import { envToConfig } from '@studyin/api/config';
import { startApi } from '@studyin/api/start-api';
import type { RunningApi } from '@studyin/api/start-api';
import { createTestDatabase } from '@studyin/testkit/test-database';
import type { TestDatabase } from '@studyin/testkit/test-database';
import { silentLog, testKeys } from '@studyin/testkit/test-domain';
import { timeOf } from './acts.ts';
import { eventsFor, wideEvent } from './events.ts';

const secret = 'token-secret-of-the-tests-000000001';
const sessionId = randomUUID();

function tokenOf(claims: { readonly sub: string; readonly role: string }): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const payload = { iss: 'studyin', aud: 'studyin-analytics', iat: nowSeconds, exp: nowSeconds + 900, ...claims };
  const parts = [{ alg: 'HS256' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = createHmac('sha256', secret).update(parts.join('.')).digest('base64url');
  return [...parts, signature].join('.');
}

describe('the client and the API', () => {
  let database: TestDatabase;
  let api: RunningApi;

  before(async () => {
    database = await createTestDatabase();
    const env = {
      DATABASE_URL: database.url,
      STUDYIN_PORT: '0',
      STUDYIN_TOKEN_SECRET: secret,
      STUDYIN_SESSION_KEY: testKeys.session,
      STUDYIN_SUBJECT_KEY: testKeys.subject,
      STUDYIN_POOL_SIZE: '4',
    };
    api = await startApi(envToConfig(env), { log: { ...silentLog, debug: () => undefined } });
  });

  after(async () => {
    await api.stop({ noticeMs: 0 });
    await database.drop();
  });

  const clientOf = (sub: string, role = 'learner'): Client =>
    createClient({ url: api.url, token: tokenOf({ sub, role }) });

  it('stores 1,000 events once, however often they are sent', async () => {
    const client = clientOf(randomUUID());
    const events = eventsFor(1000);
    for (const status of ['accepted', 'duplicate'] as const) {
      const results = await sendEvents(client, events);
      expect(results).deep.equal(events.map(({ eventId }) => ({ eventId, status })));
    }
  });

  it('gets a batch through that is larger than the limit of a body', async () => {
    const events = eventsFor(500, wideEvent);
    const { results } = await sendBatch(clientOf(randomUUID()), events);
    expect(results).deep.equal(events.map(({ eventId }) => ({ eventId, status: 'accepted' })));
  });

  it('learns of each event by itself what was wrong with it', async () => {
    const sound: EventInput = { eventType: 'session_start', eventId: newEventId(), sessionId };
    const ahead: EventInput = { eventType: 'session_pause', eventId: newEventId(Date.now() + 3_600_000), sessionId };
    const wrong: EventInput = { eventType: 'xp_earned', eventId: newEventId(), sessionId, properties: { amount: -1 } };
    const results = await sendEvents(clientOf(randomUUID()), [wrong, sound, ahead]);
    expect(results).deep.equal([
      { eventId: wrong.eventId, status: 'rejected', reason: 'invalid', path: 'properties.amount' },
      { eventId: sound.eventId, status: 'accepted' },
      { eventId: ahead.eventId, status: 'rejected', reason: 'clock_skew', path: 'eventId' },
    ]);
  });

  it('reads settings and an empty dashboard', async () => {
    const client = clientOf(randomUUID());
    await client.tracking.sessionStart.mutate({ eventId: newEventId(), sessionId, timezone: 'Europe/Berlin' });
    const [settings, overview, heatmap] = await Promise.all([
      client.learner.settings.query(),
      client.dashboard.overview.query(),
      client.dashboard.heatmap.query({ days: 7 }),
    ]);
    expect(settings).include({ rolloverHour: 0 });
    expect(overview.streak).include({ currentDays: 0, lastStudyDay: null });
    expect(heatmap.days).length(heatmap.minutes.length);
  });

  it('lets a service track for the learner it names', async () => {
    const userId = randomUUID();
    const service = createClient({ url: api.url, token: tokenOf({ sub: randomUUID(), role: 'service' }), userId });
    const events = eventsFor(3);
    await sendEvents(service, events);
    const results = await sendEvents(clientOf(userId), events);
    expect(results.map(({ status }) => status)).deep.equal(['duplicate', 'duplicate', 'duplicate']);
  });

  it('tracks through the queue what the API then counts, each act once', async () => {
    const userId = randomUUID();
    const results: TrackResult[] = [];
    const client = createClient({
      url: api.url,
      token: tokenOf({ sub: userId, role: 'learner' }),
      storage: memoryStorage(),
      onResult: (result) => results.push(result),
    });
    const [questionId, materialId] = [randomUUID(), randomUUID()];
    client.track.sessionStart({ sessionId, deviceType: 'web' });
    client.track.questionAttempt({ sessionId, questionId, selectedAnswer: 'B', timeToAnswerSeconds: 3 });
    const reading = client.track.reading({ sessionId, materialId });
    reading.scrolledTo(95);
    reading.end();
    for (let n = 0; n < 30; n += 1) client.track.event({ eventType: 'custom', sessionId, name: `act_${n}` });
    client.track.sessionEnd({ sessionId });
    expect(await client.close()).deep.equal({ waiting: 0 });
    const reasons = results
      .filter(({ status }) => status !== 'accepted')
      .map(({ event, reason }) => [event.eventType, reason]);
    expect(reasons).deep.equal([
      ['question_attempt', 'unknown_topic'],
      ['material_read', 'unknown_material'],
    ]);
    expect(results).length(34);
    const sent = results.map(({ event, eventId }) => ({ ...event, eventId }) as EventInput); // as: what was tracked, and its id
    const again = await sendEvents(clientOf(userId), sent);
    expect(again.filter(({ status }) => status === 'duplicate')).length(32);
  });

  it('records what a clock an hour ahead captured, under the time of the server', async () => {
    const { now } = Date;
    const results: TrackResult[] = [];
    const client = createClient({
      url: api.url,
      token: tokenOf({ sub: randomUUID(), role: 'learner' }),
      onResult: (result) => results.push(result),
    });
    try {
      Date.now = () => now() + 3_600_000;
      client.track.sessionStart({ sessionId });
      expect(await client.close()).deep.equal({ waiting: 0 });
    } finally {
      Date.now = now;
    }
    expect(results.map(({ status }) => status)).deep.equal(['accepted']);
    expect(timeOf(results[0]?.eventId) - Date.now()).within(-60_000, 1000);
  });

  it('says which code the API answered', async () => {
    const call = createClient({ url: api.url, token: 'no.token.this' }).learner.settings.query();
    const code = await call.then(
      () => null,
      (error: unknown) => error,
    );
    expect(code).property('data').include({ code: 'UNAUTHORIZED', httpStatus: 401 });
  });
});
