import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { jwtVerify } from 'jose';
import { asAdmin, testServer, urlOf } from '@studyin/testkit/test-server';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { makeHome } from './studyin.ts';
import type { Home } from './studyin.ts';

const user = '6f0c8e5e-8f5e-4c7e-9b60-0d3b6f6f2a11';
const nowhere = 'postgres://login:hidden@127.0.0.1:1/studyin';

describe('studyin', function () {
  this.timeout(60_000);
  const database = useTestDatabase();
  let home: Home;
  before(() => {
    home = makeHome();
  });
  after(() => home.remove());

  it('explains itself and every command with examples', async () => {
    const whole = await home.run(['--help']);
    expect(whole).property('code', 0);
    const commands = [
      'up',
      'replay',
      'migrate',
      'token',
      'nightly',
      'quarantine',
      'queue',
      'verify',
      'retention',
      'archive',
    ];
    commands.push('doctor', 'simulate', 'generate', 'rebucket', 'export', 'import', 'erase');
    for (const command of commands) expect(whole.stdout).match(new RegExp(`^  ${command} `, 'm'));
    const calls = [
      ...commands,
      'quarantine list',
      'quarantine replay',
      'queue list',
      'queue redrive',
      'queue dashboard',
    ].map((words) => [...words.split(' '), '--help']);
    const helps = await Promise.all(calls.map((words) => home.run(words)));
    for (const help of helps) expect(help.stdout).includes('Examples:\n  studyin ');
  });

  describe('token', () => {
    it('prints one that is signed with the secret kept in settings.json, readable by the owner alone', async () => {
      const secret = 'a-secret-of-the-tests-that-is-long';
      const { code, stdout } = await home.run(['token', '--user', user, '--role', 'service', '--minutes', '5'], {
        STUDYIN_TOKEN_SECRET: secret,
      });
      expect(code).equal(0);
      const options = { issuer: 'studyin', audience: 'studyin-analytics' };
      const { payload } = await jwtVerify(stdout.trim(), new TextEncoder().encode(secret), options);
      expect(payload).include({ sub: user, role: 'service' });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).equal(300);
      const file = join(home.folder, 'settings.json');
      expect(statSync(file).mode & 0o777).equal(0o600);
    });

    it('refuses more than an hour, another role and a user that is no UUID, each in one line', async () => {
      const wrong = [
        ['token', '--user', user, '--minutes', '61'],
        ['token', '--user', user, '--role', 'king'],
        ['token', '--user', 'me'],
      ];
      for (const { code, stderr } of await Promise.all(wrong.map((args) => home.run(args)))) {
        expect(code).equal(1);
        expect(stderr).match(/^error: option '--\w+ <\w+>' argument '\w+' is invalid\. .+\n/);
      }
    });
  });

  describe('what goes wrong', () => {
    const oneLine = async (args: readonly string[], settings: Readonly<Record<string, string>>): Promise<string> => {
      const { code, stderr } = await home.run([...args], settings);
      expect(code).equal(1);
      const lines = stderr
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('  '));
      expect(lines, stderr).length(1);
      return lines[0] ?? '';
    };

    it('is told in one line: a setting, a database that is down', async () => {
      expect(await oneLine(['verify'], { DATABASE_URL: 'mysql://x' })).equal(
        'studyin: DATABASE_URL must be a URL such as postgres://login:password@host:5432/database.',
      );
      expect(await oneLine(['verify'], { DATABASE_URL: nowhere })).equal(
        'studyin: The database at 127.0.0.1:1 cannot be reached; is it running?',
      );
      expect(await oneLine(['migrate'], { DATABASE_URL: nowhere })).matches(/127\.0\.0\.1:1 cannot be reached/);
    });

    it('is told in one line: a port in use', async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      try {
        await once(taken, 'listening');
        const { port } = taken.address() as AddressInfo; // not a string: it listens on TCP
        const settings = { DATABASE_URL: database().url, STUDYIN_PORT: String(port) };
        expect(await oneLine(['up', '--exit', '--json'], settings)).equal(
          `studyin: Port ${port} is in use; set STUDYIN_PORT to another one.`,
        );
      } finally {
        taken.close();
      }
    });

    it('is never deleted data: --fresh on a given database wants --yes', async () => {
      expect(await oneLine(['up', '--fresh', '--exit'], { DATABASE_URL: database().url })).matches(/say --yes as well/);
    });
  });

  describe('doctor', () => {
    it('finds all well on a migrated database', async () => {
      const { code, json, stdout } = await home.run(['doctor', '--json'], { DATABASE_URL: database().url });
      expect(json, stdout).property('ok', true);
      expect(code).equal(0);
    });

    it('says of an empty database what to do, and migrate does it', async () => {
      const url = urlOf(`${database().name}_empty`, await testServer());
      await asAdmin((client) => client.query(`create database ${database().name}_empty`));
      try {
        const before = await home.run(['doctor', '--json'], { DATABASE_URL: url });
        expect(before).property('code', 1);
        expect(before.json).property('ok', false);
        expect(before.stderr).matches(/✘ migrations .*\n +→ Run `studyin migrate`/);
        expect((await home.run(['verify'], { DATABASE_URL: url })).stderr).matches(
          /lacks \d+ migrations; run studyin migrate/,
        );
        const migrated = await home.run(['migrate', '--json'], { DATABASE_URL: url });
        expect(migrated.json).property('applied').not.empty;
        const again = await home.run(['migrate', '--json'], { DATABASE_URL: url });
        expect(again.json).eql({ applied: [], roles: true });
        expect((await home.run(['doctor', '--json'], { DATABASE_URL: url })).json).property('ok', true);
      } finally {
        await asAdmin((client) => client.query(`drop database ${database().name}_empty with (force)`));
      }
    });

    it('tells of a database that is down instead of failing', async () => {
      const { code, json } = await home.run(['doctor', '--json'], { DATABASE_URL: nowhere });
      expect(code).equal(1);
      expect(json).property('checks').deep.include({
        name: 'database',
        ok: false,
        detail: 'The database does not answer.',
        fix: 'Start it, or correct DATABASE_URL.',
      });
    });
  });
});
