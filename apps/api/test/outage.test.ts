import { expect } from 'chai';
import { createTestDatabase } from '@studyin/testkit/test-database';
import type { TestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';
import { envToConfig } from '../src/config.ts';
import { startApi } from '../src/start-api.ts';
import type { RunningApi } from '../src/start-api.ts';
import { encode, testEnv, tokenFor } from './test-api.ts';
import { newId, newLearner, sessionId } from './test-curriculum.ts';
import { openDoor } from './test-outage.ts';
import type { Door } from './test-outage.ts';

describe('a database that goes away', () => {
  let database: TestDatabase;
  let door: Door;
  let api: RunningApi;
  let token: string;
  const logged: { readonly event: string }[] = [];
  const add = (fields: { readonly event: string }): void => void logged.push(fields);
  const headers = (): Record<string, string> => ({
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
  });
  const track = (): Promise<Response> =>
    fetch(`${api.url}/trpc/tracking.sessionStart`, {
      method: 'POST',
      headers: headers(),
      body: encode({ eventId: newId(), sessionId }),
    });
  const read = (): Promise<Response> => fetch(`${api.url}/trpc/dashboard.overview`, { headers: headers() });
  const statusOf = async (path: string): Promise<number> => (await fetch(`${api.url}${path}`)).status;

  before(async () => {
    database = await createTestDatabase();
    door = await openDoor(database.url);
    token = await tokenFor(newLearner(), 'learner');
    api = await startApi(envToConfig(testEnv(door.url)), { log: { debug: add, info: add, warn: add, error: add } });
  });
  after(async () => {
    await api.stop({ noticeMs: 0 });
    await door.close();
    await database.drop();
  });

  it('is 503 with a constant text while it is away, and used again when it is back', async () => {
    expect([(await track()).status, (await read()).status, await statusOf('/readyz')]).to.deep.equal([200, 200, 200]);
    await door.shut();
    for (const call of [track, read]) {
      const answer = await call();
      expect(answer.status).to.equal(503);
      expect(answer.headers.get('retry-after')).to.equal('1');
      const text = await answer.text();
      expect(text)
        .to.include('SERVICE_UNAVAILABLE')
        .and.not.match(/ECONN|sequelize|sql|127\.0\.0\.1/i);
    }
    expect(await statusOf('/readyz')).to.equal(503);
    expect(await statusOf('/livez')).to.equal(200);
    await door.open();
    await waitFor(async () => (await track()).status === 200 && (await read()).status === 200);
    expect(await statusOf('/readyz')).to.equal(200);
  });

  it('leaves a log that says which call failed and why, without texts of the database', () => {
    const failed = logged.filter(({ event }) => event === 'api.call_failed');
    expect(failed).to.have.length.above(0);
    expect(failed[0]).to.have.property('procedure', 'tracking.sessionStart');
    expect(failed[0]).to.have.nested.property('error.code', 'unavailable');
    expect(JSON.stringify(failed)).to.not.include('127.0.0.1:').and.not.include('message');
  });
});
