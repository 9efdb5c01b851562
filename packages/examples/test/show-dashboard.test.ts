import { expect } from 'chai';
import { SignJWT } from 'jose';
import { envToConfig } from '@studyin/api/config';
import { startApi } from '@studyin/api/start-api';
import type { RunningApi } from '@studyin/api/start-api';
import { createClient } from '@studyin/client';
import { showDashboard } from '@studyin/examples/show-dashboard';
import { eventIdAt, idOf, silentLog, testKeys } from '@studyin/testkit/test-domain';
import { useTestDatabase } from '@studyin/testkit/test-database';

const secret = 'token-secret-of-the-examples-00001';
const [learner, admin, topic] = [idOf('user', 1), idOf('user', 2), idOf('topic', 1)];

function tokenOf(userId: string, role: string): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('studyin')
    .setAudience('studyin-analytics')
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(secret));
}

describe('the client of the README', () => {
  const database = useTestDatabase();
  let api: RunningApi;

  before(async () => {
    const config = envToConfig({
      DATABASE_URL: database().url,
      STUDYIN_PORT: '0',
      STUDYIN_TOKEN_SECRET: secret,
      STUDYIN_SESSION_KEY: testKeys.session,
      STUDYIN_SUBJECT_KEY: testKeys.subject,
    });
    api = await startApi(config, { log: { ...silentLog, debug: () => undefined } });
  });
  after(() => api.stop({ noticeMs: 0 }));

  it("shows a learner's dashboard with their own token", async () => {
    const imported = createClient({ url: api.url, token: await tokenOf(admin, 'admin') });
    await imported.curriculum.import.mutate({
      topics: [{ id: topic, slug: 'heart', name: 'Heart', level: 1 }],
      relationships: [],
      questions: [],
      materials: [],
    });
    const token = await tokenOf(learner, 'learner');
    await createClient({ url: api.url, token }).tracking.sessionStart.mutate({
      eventId: eventIdAt(Date.now()),
      sessionId: idOf('session', 1),
    });
    expect(await showDashboard(api.url, token)).to.deep.equal(['last 30 days: 0 minutes, 0 questions', 'Heart: 0%']);
  });
});
