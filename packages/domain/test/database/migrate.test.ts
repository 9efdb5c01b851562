import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { connect, listMigrations, migrate, statement } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { testRun } from '@studyin/testkit/test-run';
import { asAdmin, testServer, urlOf } from '@studyin/testkit/test-server';

const books = statement('test.books', `select name from schema_migrations order by name`);
const roles = statement(
  'test.roles',
  `select rolname as name from pg_roles where rolname in ('studyin_runtime', 'studyin_eraser') order by 1`,
);

describe('migrate', () => {
  const made: string[] = [];
  const emptyDatabase = async (): Promise<string> => {
    const name = `${testRun()}_${randomBytes(4).toString('hex')}`;
    await asAdmin((client) => client.query(`create database ${name}`));
    made.push(name);
    return urlOf(name, await testServer());
  };
  after(() =>
    asAdmin(async (client) => {
      for (const name of made) await client.query(`drop database if exists ${name}`);
    }),
  );

  it('brings an empty database to this release, and a second time changes nothing', async () => {
    const url = await emptyDatabase();
    const lines: string[] = [];
    expect(await migrate({ url, log: (line) => lines.push(line) })).to.deep.equal({
      applied: await listMigrations(),
      roles: true,
    });
    expect(lines).to.have.length((await listMigrations()).length);
    expect(await migrate({ url })).to.deep.equal({ applied: [], roles: true });
    const database = connect({ url, role: 'studyin_runtime', applicationName: 'migrate-test', poolSize: 1 });
    try {
      expect((await database.reader.query<{ name: string }>(books)).map(({ name }) => name)).to.deep.equal(
        await listMigrations(),
      );
      expect((await database.reader.query<{ name: string }>(roles)).map(({ name }) => name)).to.deep.equal([
        'studyin_eraser',
        'studyin_runtime',
      ]);
    } finally {
      await database.close();
    }
  });

  it('is harmless when two run at once: one applies, the other waits and finds all done', async () => {
    const url = await emptyDatabase();
    const outcomes = await Promise.all([migrate({ url }), migrate({ url })]);
    expect(outcomes.map(({ applied }) => applied.length).sort((a, b) => a - b)).to.deep.equal([
      0,
      (await listMigrations()).length,
    ]);
  });

  it('is harmless when two databases of one server are migrated at once, though they share the roles', async () => {
    const urls = [await emptyDatabase(), await emptyDatabase(), await emptyDatabase()];
    const outcomes = await Promise.all(urls.map((url) => migrate({ url })));
    expect(outcomes.map((outcome) => outcome.roles)).to.deep.equal([true, true, true]);
  });

  it('says that a database cannot be reached, without its password', async () => {
    const error: unknown = await migrate({ url: 'postgres://owner:secret@127.0.0.1:1/studyin' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.an.instanceOf(DomainError).with.property('code', 'unavailable');
    expect(error).to.have.property('message').that.includes('127.0.0.1:1').and.does.not.include('secret');
  });
});
