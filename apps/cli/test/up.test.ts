import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';
import { makeHome } from './studyin.ts';
import type { Home } from './studyin.ts';

const few = ['--learners', '5', '--days', '5', '--seed', '3'];

type Result = { readonly learners: number; readonly events: number; readonly verify: string };

describe('studyin up', function () {
  this.timeout(90_000);
  const database = useTestDatabase();
  let home: Home;
  before(() => {
    home = makeHome({ DATABASE_URL: database().url });
  });
  after(() => home.remove());

  const upOnce = (...more: readonly string[]) => home.run(['up', ...few, '--exit', '--json', ...more]);
  const numbersOf = (json: unknown) => {
    const { seconds: _time, ...numbers } = json as Result & { readonly seconds: number }; // as: the test states what the command promises
    return numbers;
  };

  it('sends example learners, shows a dashboard, and sends nothing the second time', async () => {
    const first = await upOnce();
    expect(first.code, first.stderr).equal(0);
    expect(first.json).include({ learners: 5, verify: 'ok' });
    expect(first.json).include.all.keys('events', 'attempts', 'masteryRows', 'dailyRows', 'seconds');
    expect(first.stdout.trim().split('\n')).length(1);
    for (const text of ['Overview as of', 'Activity of the last 90 days', '    Mon ', 'Mastery by system', '█']) {
      expect(first.stderr).includes(text);
    }
    const second = await upOnce();
    expect(second.stderr).includes('sent before');
    expect(numbersOf(second.json)).eql(numbersOf(first.json));
  });

  it('starts the API elsewhere where its usual port is taken for a moment as it starts', async () => {
    const own = makeHome({ DATABASE_URL: database().url });
    const log = join(own.folder, 'logs/api.log');
    const said = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
    const taker = createServer().on('error', () => undefined); // where somebody else has the port, that is as good
    try {
      const { ended } = own.start(['up', ...few, '--exit', '--json']);
      await waitFor(() => existsSync(log), { timeoutMs: 30_000, intervalMs: 5 });
      taker.listen(4000, '127.0.0.1');
      await waitFor(() => /is in use|api\.listening/.test(said()), { timeoutMs: 30_000, intervalMs: 5 });
      taker.close();
      const { code, json, stderr } = await ended;
      expect(code, stderr).equal(0);
      expect(json).include({ learners: 5, verify: 'ok' });
    } finally {
      taker.close();
      own.remove();
    }
  });

  it('begins anew with --fresh --yes and ends in the same numbers', async () => {
    const before = await upOnce();
    const fresh = await upOnce('--fresh', '--yes');
    expect([before.code, fresh.code], before.stderr + fresh.stderr).eql([0, 0]);
    expect(fresh.stderr).includes('all data deleted').includes('accepted');
    expect(numbersOf(fresh.json)).eql(numbersOf(before.json));
  });

  it('stays up with its addresses and a token that works, until SIGTERM ends API and worker too', async () => {
    const { child, output, ended } = home.start(['up', ...few]);
    await waitFor(() => output.stdout.includes('Ctrl-C ends everything'), { timeoutMs: 60_000 });
    const [, url = ''] = /API +(\S+)\n/.exec(output.stdout.slice(output.stdout.indexOf('health') - 200)) ?? [];
    const [, token = ''] = /token +(\S+)\n/.exec(output.stdout) ?? [];
    const ask = () => fetch(`${url}/dashboard.overview`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).equal(200);
    child.kill('SIGTERM');
    expect((await ended).code).equal(0);
    expect(await ask().catch(() => 'nobody there')).equal('nobody there');
  });

  it('runs on a database of its own where none is given', async function () {
    if ((process.env['DATABASE_URL'] ?? '') !== '') this.skip(); // then no server is to be started
    const { code, json, stderr } = await home.run(['up', ...few, '--exit', '--json'], { DATABASE_URL: undefined });
    expect(code, stderr).equal(0);
    expect(json).include({ learners: 5, verify: 'ok' });
    expect(stderr).matches(/PostgreSQL \d+\.\d+, embedded, port \d+/);
  });
});
