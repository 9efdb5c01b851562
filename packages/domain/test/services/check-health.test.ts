import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { checkHealth } from '@studyin/domain/services';
import type { HealthCheck } from '@studyin/domain/services';
import { createTestDatabase } from '@studyin/testkit/test-database';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';

const names = [
  'node',
  'database',
  'roles',
  'role',
  'migrations',
  'queues',
  'lag',
  'dead_letters',
  'partitions',
  'erasures',
  'timeouts',
] as const;

const failing = (checks: readonly HealthCheck[]): string[] => checks.filter(({ ok }) => !ok).map(({ name }) => name);

describe('checkHealth', () => {
  let domain: TestDomain;
  let owner: Database;
  beforeEach(async () => {
    domain = await openTestDomain();
    owner = connect({ url: domain.database.url, applicationName: 'health-test', poolSize: 1 });
  });
  afterEach(async () => {
    await owner.close();
    await domain.close();
  });
  const check = (nodeVersion = 'v24.1.0'): Promise<readonly HealthCheck[]> => checkHealth(domain.app, { nodeVersion });

  it('finds everything well in a fresh database', async () => {
    const checks = await check();
    expect(checks.map(({ name }) => name)).eql(names);
    expect(failing(checks), JSON.stringify(checks)).eql([]);
    expect(checks.every(({ fix }) => fix === null)).equal(true);
  });

  it('tells what to do where something is not well', async () => {
    const breakages = {
      migrations: `delete from schema_migrations where name like '0006%'`,
      queues: `update pgboss.queue set policy = 'standard' where name = 'update-learner'`,
      dead_letters: `insert into pgboss.job (name) values ('update-learner-dead')`,
      lag: `insert into learners (user_id, answers) values ('${idOf('learner', 1)}', 3)`,
      erasures: `insert into erased_learners (subject, pending_user_id, erased_at) values ('x', '${idOf('learner', 2)}', now() - interval '1 hour')`,
      partitions: `do $$ begin
        execute 'drop table question_attempts_' || to_char(now() at time zone 'UTC' + interval '2 months', 'YYYY_MM');
      end $$`,
    };
    for (const breakage of Object.values(breakages)) await owner.sequelize.query(breakage);
    const checks = await check('v22.17.1');
    expect(failing(checks)).members(['node', ...Object.keys(breakages)]);
    expect(checks.filter(({ ok }) => !ok).every(({ fix }) => fix !== null && fix !== '')).equal(true);
    expect(checks.find(({ name }) => name === 'lag')?.detail).match(/^1 learners behind, 0 jobs/);
  });

  it('sees a job that waits too long', async () => {
    await owner.sequelize.query(
      `insert into pgboss.job (name, created_on, start_after) values ('update-learner', now() - interval '1 hour', now() - interval '1 hour')`,
    );
    expect(failing(await check())).eql(['lag']);
  });

  it('says when a process acts with the rights of its login', async () => {
    expect(failing(await checkHealth({ database: owner }, { nodeVersion: 'v24.1.0' }))).eql(['role']);
  });

  it('takes a database without a queue, and one that was never migrated, as something to do', async () => {
    await owner.sequelize.query('drop schema pgboss cascade');
    expect(failing(await checkHealth({ database: owner }, { nodeVersion: 'v24.1.0' }))).eql([
      'role',
      'queues',
      'lag',
      'dead_letters',
    ]);
    await owner.sequelize.query('drop schema public cascade; create schema public');
    const checks = await checkHealth({ database: owner }, { nodeVersion: 'v24.1.0' });
    expect(failing(checks)).eql(['role', 'migrations', 'queues', 'lag', 'dead_letters', 'partitions', 'erasures']);
  });

  it('answers where the database does not, or refuses', async () => {
    const database = await createTestDatabase();
    const refusals = [
      { url: database.url, role: 'nobody_made_this_role' },
      { url: database.url.replace(database.name, 'no_such_database_here') },
      { url: 'postgres://127.0.0.1:1/none' },
    ];
    const details: string[] = [];
    for (const refusal of refusals) {
      const refused = connect({ ...refusal, applicationName: 'health-test', poolSize: 1 });
      const checks = await checkHealth({ database: refused }, { nodeVersion: 'v24.1.0' });
      await refused.close();
      expect(checks.map(({ name }) => name)).eql(['node', 'database']);
      expect(failing(checks)).eql(['database']);
      details.push(checks[1]?.detail ?? '');
    }
    await database.drop();
    expect(details).eql([
      'The login cannot act as the role it asks for, or the role lacks its rights.',
      'There is no database of this name.',
      'The database does not answer.',
    ]);
  });
});
