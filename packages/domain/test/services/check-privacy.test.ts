import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { checkPrivacy } from '@studyin/domain/services';
import type { PrivacyCheck, PrivacySettings } from '@studyin/domain/services';
import { openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';

const sound: PrivacySettings = {
  tlsMode: null,
  isEmbedded: false,
  keys: { session: 'a'.repeat(32), sessionPrevious: undefined, subject: 'b'.repeat(32) },
  tokenSecret: 'c'.repeat(32),
  logLevel: 'info',
};

describe('checkPrivacy', () => {
  let domain: TestDomain;
  let owner: Database;
  before(async () => {
    domain = await openTestDomain();
    owner = connect({ url: domain.database.url, applicationName: 'privacy-test', poolSize: 1 });
  });
  after(async () => {
    await owner.close();
    await domain.close();
  });
  const found = async (name: PrivacyCheck['name'], settings: Partial<PrivacySettings> = {}, app = domain.app) =>
    (await checkPrivacy(app, { ...sound, ...settings })).find((one) => one.name === name);
  /** What is found under settings of the connection's own, which is closed again. */
  const withServer = async (
    options: string,
    name: PrivacyCheck['name'] = 'server_log',
    settings: Partial<PrivacySettings> = {},
  ): Promise<PrivacyCheck | undefined> => {
    const database = connect({ url: domain.database.url, applicationName: 'privacy-test', poolSize: 1 });
    try {
      await database.sequelize.query(options);
      return await found(name, settings, { ...domain.app, database });
    } finally {
      await database.close();
    }
  };

  it('finds a fresh database on this machine well, and tells of each thing once', async () => {
    const checks = await checkPrivacy(domain.app, sound);
    expect(checks.map(({ name }) => name)).to.deep.equal([
      'tls',
      'logins',
      'session_key',
      'tombstones',
      'retention',
      'server_log',
      'log',
    ]);
    expect(checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(checks.every(({ fix }) => fix === null)).to.equal(true);
  });

  it('names processes that run with the rights of the owner, which the embedded server’s may', async () => {
    const process = connect({
      url: domain.database.url,
      role: 'studyin_runtime',
      applicationName: 'studyin-api-read',
      poolSize: 1,
    });
    try {
      await process.sequelize.query('select 1');
      expect(await found('logins')).to.include({ ok: false });
      expect(await found('logins', { isEmbedded: true })).to.include({ ok: true });
    } finally {
      await process.close();
    }
  });

  it('wants TLS on the way to another machine, unless the URL says that none is meant', async () => {
    await owner.sequelize.query(`create schema elsewhere`);
    await owner.sequelize.query(
      `create function elsewhere.inet_server_addr() returns inet language sql as $$ select inet '10.1.2.3' $$`,
    );
    const away = 'set search_path = elsewhere, pg_catalog, public';
    expect(await withServer(away, 'tls')).to.include({ ok: false, detail: 'none, to another machine' });
    expect(await withServer(away, 'tls', { tlsMode: 'disable' })).to.include({ ok: true, fix: null });
    expect(await found('tls')).to.include({ ok: true, detail: 'none, to a server on this machine' });
  });

  it('refuses keys that serve two purposes, and tells of a rotation', async () => {
    const { keys } = sound;
    expect(await found('session_key', { keys: { ...keys, subject: keys.session } })).to.include({ ok: false });
    expect(await found('session_key', { tokenSecret: keys.session })).to.include({ ok: false });
    expect(await found('tombstones', { tokenSecret: keys.subject })).to.include({ ok: false });
    const reused = { keys: { ...keys, sessionPrevious: keys.subject } };
    expect(await found('tombstones', reused)).to.include({ ok: false });
    expect(await found('session_key', { keys: { ...keys, sessionPrevious: keys.session } })).to.include({ ok: false });
    const rotating = await found('session_key', { keys: { ...keys, sessionPrevious: 'd'.repeat(32) } });
    expect(rotating)
      .to.include({ ok: true })
      .and.have.property('detail')
      .that.matches(/^rotating/);
  });

  it('counts tombstones', async () => {
    await owner.sequelize.query(`insert into erased_learners (subject) values ('\\x01'), ('\\x02')`);
    expect((await found('tombstones'))?.detail).to.match(/^2 erased learners/);
  });

  it('shows a month that should have been dropped', async () => {
    await owner.sequelize.query(
      `create table study_events_2019_01 partition of study_events for values from ('2019-01-01') to ('2019-02-01')`,
    );
    expect(await found('retention')).to.include({ ok: false });
    await owner.sequelize.query('drop table study_events_2019_01');
    expect(await found('retention')).to.include({ ok: true });
  });

  it('shows a server that writes values of statements into its log, whatever the setting', async () => {
    expect(await withServer(`set log_min_duration_statement = 100`)).to.include({ ok: false });
    expect(await withServer(`set log_statement = 'all'`)).to.include({ ok: false });
    expect(await withServer(`set log_parameter_max_length_on_error = -1`)).to.include({ ok: false });
    expect(await withServer(`set log_statement = 'all'; set log_parameter_max_length = 0`)).to.include({ ok: true });
    expect(await withServer(`set log_statement = 'ddl'`)).to.include({ ok: true });
  });

  it('has nothing to say of a database that does not answer or is not migrated', async () => {
    const away = connect({
      url: 'postgres://nobody@127.0.0.1:1/nothing',
      applicationName: 'privacy-test',
      poolSize: 1,
    });
    expect(await checkPrivacy({ database: away }, sound)).to.deep.equal([]);
    await away.close();
  });
});
