import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { updateLearnerJob } from '@studyin/domain/jobs';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { createTokenMaker } from '../src/token.ts';
import { homeOf } from './studyin.ts';
import type { Home } from './studyin.ts';

const secret = 'a-secret-of-the-tests-that-is-long';
const { name, queue } = updateLearnerJob;

describe('studyin queue', function () {
  this.timeout(60_000);
  let domain: TestDomain;
  let home: Home;
  before(async () => {
    domain = await openTestDomain();
    home = homeOf(domain, { STUDYIN_TOKEN_SECRET: secret });
  });
  after(async () => {
    home.remove();
    await domain.close();
  });
  const sql = (text: string, bind: unknown[] = []) => domain.app.database.sequelize.query(text, { bind });
  const addDead = (n: number) =>
    sql(
      `insert into pgboss.job (name, data, singleton_key, source_name, source_output, created_on)
      values ($1, jsonb_build_object('userId', $2::uuid), $2, $3, '{"name": "RangeError"}', now() - make_interval(hours => $4))`,
      [queue.deadLetter, idOf('user', n), name, n],
    );
  const listed = async () =>
    (await home.run(['queue', 'list', '--json'])).json as {
      readonly queues: readonly { readonly queue: string; readonly waiting: number; readonly dead: number }[];
      readonly dead: readonly { readonly queue: string; readonly data: object; readonly error: string }[];
    };

  it('lists what was given up, oldest first, and sends so many of it again as it is told', async () => {
    for (const n of [1, 3, 2]) await addDead(n);
    const before = await listed();
    expect(before.queues.find((one) => one.queue === name)).to.include({ waiting: 0, dead: 3 });
    expect(before.dead.map(({ data }) => data)).to.deep.equal([3, 2, 1].map((n) => ({ userId: idOf('user', n) })));
    expect(before.dead[0]).to.include({ queue: name, error: 'RangeError' });
    const { json } = await home.run(['queue', 'redrive', '--queue', name, '--limit', '2', '--json']);
    expect(json).to.deep.equal({ redriven: [{ queue: name, jobs: 2, waitingAlready: 0 }] });
    const after = await listed();
    expect(after.queues.find((one) => one.queue === name)).to.include({ waiting: 2, dead: 1 });
    expect(after.dead.map(({ data }) => data)).to.deep.equal([{ userId: idOf('user', 1) }]);
  });

  it('settles dead letters whose learner has a job waiting already, and goes on with the others', async () => {
    await addDead(2);
    const again = await home.run(['queue', 'redrive', '--json']);
    expect(again.json).to.have.property('redriven').that.deep.includes({ queue: name, jobs: 1, waitingAlready: 1 });
    expect((await listed()).queues.find((one) => one.queue === name)).to.include({ waiting: 3, dead: 0 });
    const rest = await home.run(['queue', 'redrive', '--json']);
    expect(rest.json).to.have.property('redriven').that.deep.includes({ queue: name, jobs: 0, waitingAlready: 0 });
  });

  it('names the queues there are for one that there is not', async () => {
    const { code, stderr } = await home.run(['queue', 'redrive', '--queue', 'nothing']);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^studyin: There is no queue nothing; there are .*update-learner/);
  });

  describe('dashboard', () => {
    const makeToken = createTokenMaker({ token: { issuer: 'studyin', audience: 'studyin-analytics' } }, secret);
    let port: number;
    let running: ReturnType<Home['start']>;
    const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
    const login = async (token: string): Promise<Response> =>
      fetch(url('/login'), { method: 'POST', body: new URLSearchParams({ token }), redirect: 'manual' });
    const start = async (...args: readonly string[]): Promise<void> => {
      running = home.start(['queue', 'dashboard', '--port', String(port), ...args]);
      await waitFor(() => running.output.stdout.includes('dashboard is at'), {
        what: 'the dashboard',
        timeoutMs: 20_000,
      });
    };
    before(async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address() as AddressInfo); // as: it listens on TCP
      server.close();
      await once(server, 'close');
      await start();
    });
    after(async () => {
      running.child.kill('SIGTERM');
      await running.ended;
    });

    it('shows nothing without the token of an admin', async () => {
      const asked = await fetch(url('/'));
      expect(asked.status).to.equal(401);
      expect(await asked.text())
        .to.include('A token of the role admin')
        .and.not.include('update-learner');
      for (const role of ['learner', 'instructor', 'service'] as const) {
        expect((await login(await makeToken({ userId: idOf('user', 1), role }))).status, role).to.equal(403);
      }
      expect((await login('nonsense')).status).to.equal(403);
      expect((await fetch(url('/queues'), { headers: { cookie: `studyin_queue=${'0'.repeat(64)}` } })).status).to.equal(
        401,
      );
    });

    it('shows the queues to an admin, and changes nothing', async () => {
      const entered = await login(await makeToken({ userId: idOf('user', 1), role: 'admin' }));
      expect(entered.status).to.equal(303);
      const [cookie = ''] = entered.headers.getSetCookie();
      expect(cookie).to.include('HttpOnly').and.include('SameSite=Strict');
      const headers = { cookie: cookie.split(';')[0] ?? '' };
      const page = await fetch(url('/queues'), { headers });
      expect(page.status).to.equal(200);
      expect(await page.text()).to.include(name);
      const changed = await fetch(url(`/queues/${name}`), {
        method: 'POST',
        headers,
        body: new URLSearchParams({ intent: 'purge' }),
      });
      expect(changed.status).to.equal(403);
    });

    it('answers only to its own name, so that no page elsewhere can speak through a browser', async () => {
      const asked = request({ host: '127.0.0.1', port, path: '/', headers: { host: 'evil.example' } }).end();
      const [response] = (await once(asked, 'response')) as [{ readonly statusCode?: number; resume(): void }];
      response.resume();
      expect(response.statusCode).to.equal(403);
    });
  });
});
