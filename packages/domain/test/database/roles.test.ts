import { expect } from 'chai';
import { connect, sqlStateOf, statement, type Database } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { factAt, insertAttempt, insertEvent, partitionOf } from './facts.ts';

const DENIED = '42501';
const NOW = Date.now();

const selectPartitions = statement(
  'test.partitions',
  `select relid::regclass::text as name
  from (values ('study_events'::regclass), ('question_attempts'::regclass)) as f (parent), pg_partition_tree(f.parent)
  where isleaf
  order by 1`,
);
const selectPrivileges = statement(
  'test.privileges',
  `select t.relid::regclass::text as name, p.privilege
  from (values ('study_events'::regclass), ('question_attempts'::regclass)) as f (parent), pg_partition_tree(f.parent) t,
    unnest(array['update', 'delete', 'truncate', 'references', 'trigger']) as p (privilege)
  where has_table_privilege('studyin_runtime', t.relid, p.privilege)`,
);
const selectRoleFacts = statement(
  'test.role_facts',
  `select r.rolname::text as name, (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls) as powers,
    (select count(*)::int from pg_class c where c.relowner = r.oid) as owned,
    exists (select from pg_auth_members m where m.member = r.oid) as "isOther"
  from pg_roles r
  where r.rolname in ('studyin_runtime', 'studyin_eraser')
  order by 1`,
);
const selectPublic = statement(
  'test.public',
  `select c.relname::text as name, a.privilege_type as privilege
  from pg_class c, aclexplode(c.relacl) a
  where c.relnamespace = 'public'::regnamespace and a.grantee = 0
  union all
  select p.proname::text, a.privilege_type
  from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  where p.pronamespace = 'public'::regnamespace and p.prosecdef and a.grantee = 0`,
);

async function stateOf(database: Database, sql: string): Promise<string | null> {
  try {
    await database.sequelize.query(sql);
    return null;
  } catch (error) {
    return sqlStateOf(error);
  }
}

describe('roles of the database', () => {
  let owner: Database;
  let runtime: Database;
  let eraser: Database;

  after(() => Promise.all([owner, runtime, eraser].map((database) => database.close())));
  const testDatabase = useTestDatabase();
  before(() => {
    const { url } = testDatabase();
    owner = connect({ url, applicationName: 'roles-test', poolSize: 1 });
    runtime = connect({ url, role: 'studyin_runtime', applicationName: 'roles-test', poolSize: 2 });
    eraser = connect({ url, role: 'studyin_eraser', applicationName: 'roles-test', poolSize: 2 });
  });

  const facts = [
    { parent: 'study_events', insert: insertEvent },
    { parent: 'question_attempts', insert: insertAttempt },
  ];
  facts.forEach(({ parent, insert }) => {
    describe(`${parent}, for the runtime role`, () => {
      const partition = partitionOf(parent, NOW);

      it('can be added to and read', async () => {
        expect(await runtime.reader.query(insert, factAt(NOW))).to.have.length(1);
        expect(await runtime.reader.query(insert, factAt(NOW))).to.have.length(0);
        expect(await stateOf(runtime, `select count(*) from ${parent}`)).to.equal(null);
      });

      it('cannot be changed, emptied in part or as a whole, nor can a partition', async () => {
        for (const table of [parent, partition]) {
          expect(await stateOf(runtime, `update ${table} set received_at = now()`), table).to.equal(DENIED);
          expect(await stateOf(runtime, `delete from ${table}`), table).to.equal(DENIED);
          expect(await stateOf(runtime, `truncate ${table}`), table).to.equal(DENIED);
        }
      });

      it('shows and takes nothing through a partition, not even one made later', async () => {
        await runtime.sequelize.query(`select ensure_partitions('2031-05-01')`);
        for (const table of [partition, `${parent}_2031_05`]) {
          expect(await stateOf(runtime, `select * from ${table}`), table).to.equal(DENIED);
          expect(await stateOf(runtime, `insert into ${table} select * from ${parent}`), table).to.equal(DENIED);
        }
      });

      it('cannot be altered, dropped, detached or given triggers', async () => {
        expect(await stateOf(runtime, `alter table ${parent} add column more text`)).to.equal(DENIED);
        expect(await stateOf(runtime, `drop table ${partition}`)).to.equal(DENIED);
        expect(await stateOf(runtime, `alter table ${parent} detach partition ${partition}`)).to.equal(DENIED);
        expect(
          await stateOf(
            runtime,
            `create trigger t before insert on ${parent} for each row execute function suppress_redundant_updates_trigger()`,
          ),
        ).to.equal(DENIED);
        expect(await stateOf(runtime, `create table public.another (id int)`)).to.equal(DENIED);
      });
    });
  });

  it('refuse the runtime role to change, empty or even see any partition of the facts that there is', async () => {
    await runtime.sequelize.query(`select ensure_partitions('2033-03-01')`);
    const partitions = await owner.reader.query<{ name: string }>(selectPartitions);
    expect(partitions.filter(({ name }) => name.startsWith('study_events_'))).to.have.length.above(27);
    expect(partitions.filter(({ name }) => name.startsWith('question_attempts_'))).to.have.length.above(27);
    for (const { name } of partitions) {
      for (const sql of [
        `update ${name} set received_at = now()`,
        `delete from ${name}`,
        `truncate ${name}`,
        `insert into ${name} select * from ${name}`,
        `select from ${name}`,
      ]) {
        expect(await stateOf(runtime, sql), sql).to.equal(DENIED);
      }
    }
    expect(await owner.reader.query(selectPrivileges), 'granted by another way').to.deep.equal([]);
  });

  it('are three: the owner’s login, the runtime and the eraser, none of which is another or stands above the tables', async () => {
    expect(await owner.reader.query(selectRoleFacts)).to.deep.equal(
      ['studyin_eraser', 'studyin_runtime'].map((name) => ({ name, powers: false, owned: 0, isOther: false })),
    );
    expect(
      await stateOf(runtime, 'set role studyin_eraser'),
      'a login may switch, its role has no more rights',
    ).to.equal(null);
    await runtime.sequelize.query('reset role');
  });

  it('leave nothing to everybody else', async () => {
    const open = await owner.reader.query(selectPublic);
    expect(open).to.deep.equal([]);
  });

  it('keep the audit trail and the tombstones: the runtime role adds to them and changes nothing', async () => {
    for (const table of ['access_log', 'erased_learners']) {
      expect(await stateOf(runtime, `update ${table} set subject = subject`), table).to.equal(DENIED);
      expect(await stateOf(runtime, `delete from ${table}`), table).to.equal(DENIED);
      expect(await stateOf(eraser, `delete from ${table}`), table).to.equal(DENIED);
    }
  });

  it('let the runtime role delete old projections by the function that looks for checkpoints, and not by itself', async () => {
    for (const table of ['study_sessions', 'material_interactions', 'learner_checkpoints', 'learners']) {
      expect(await stateOf(runtime, `delete from ${table}`), table).to.equal(DENIED);
    }
    expect(await stateOf(runtime, `select * from delete_old_projections(now(), 10)`)).to.equal(null);
    expect(await stateOf(eraser, `select * from delete_old_projections(now(), 10)`)).to.equal(DENIED);
    expect(await stateOf(eraser, `delete from learner_checkpoints`)).to.equal(null);
    expect(await stateOf(runtime, `select delete_old_access(now() - interval '91 days', 10)`)).to.equal(null);
    expect(await stateOf(eraser, `select delete_old_access(now() - interval '91 days', 10)`)).to.equal(DENIED);
  });

  it('let the eraser delete a learner but rewrite nothing', async () => {
    const [userId] = factAt(NOW);
    for (const table of ['study_events', 'question_attempts', 'learners', 'topic_mastery', 'daily_user_stats']) {
      expect(await stateOf(eraser, `delete from ${table} where user_id = '${userId}'`), table).to.equal(null);
      expect(await stateOf(eraser, `update ${table} set user_id = user_id`), table).to.equal(DENIED);
    }
  });

  it('let the runtime role write every other table it works on', async () => {
    const granted = statement(
      'test.granted',
      `select c.relname as table
      from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and not has_table_privilege('studyin_runtime', c.oid, 'insert')
      order by 1`,
    );
    // the single row of the version is only updated; the books of the migrations are the owner's
    expect((await owner.reader.query<{ table: string }>(granted)).map((row) => row.table)).to.deep.equal([
      'curriculum_version',
      'schema_migrations',
    ]);
  });

  it('are not logins', async () => {
    const logins = statement(
      'test.logins',
      `select rolname from pg_roles where rolname in ('studyin_runtime', 'studyin_eraser') and rolcanlogin`,
    );
    expect(await owner.reader.query(logins)).to.have.length(0);
  });
});
