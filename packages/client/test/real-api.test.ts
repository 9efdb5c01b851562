import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createClient, newEventId, sendBatch, sendEvents } from '@studyin/client';
import type { Client, EventInput } from '@studyin/client';
import { envToConfig } from '@studyin/api/config';
import { startApi } from '@studyin/api/start-api';
import type { RunningApi } from '@studyin/api/start-api';
import { createTestDatabase } from '@studyin/testkit/test-database';
import type { TestDatabase } from '@studyin/testkit/test-database';
import { silentLog, testKeys } from '@studyin/testkit/test-domain';
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

  it('says which code the API answered', async () => {
    const call = createClient({ url: api.url, token: 'no.token.this' }).learner.settings.query();
    const code = await call.then(
      () => null,
      (error: unknown) => error,
    );
    expect(code).property('data').include({ code: 'UNAUTHORIZED', httpStatus: 401 });
  });
});
