import { expect } from 'chai';
import { connect, statement, type Database } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { erasureRules } from '../../src/stores/erasure-rules.ts';
import { erasureSteps } from '../../src/stores/erasure-store.ts';

const selectTables = statement(
  'test.tables',
  `select t.table_name::text as name,
    exists (
      select from information_schema.columns c
      where c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'user_id'
    ) as "isOfLearners"
  from information_schema.tables t
  join pg_class r on r.oid = format('%I.%I', t.table_schema, t.table_name)::regclass
  where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and not r.relispartition
  order by 1`,
);

describe('the rules of erasure', () => {
  let database: Database;
  after(() => database.close());
  const testDatabase = useTestDatabase();
  before(() => {
    database = connect({
      url: testDatabase().url,
      role: 'studyin_eraser',
      poolSize: 1,
      applicationName: 'erasure-test',
    });
  });

  const listTables = () => database.reader.query<{ name: string; isOfLearners: boolean }>(selectTables);

  it('name every table of the database, and no other', async () => {
    expect(Object.keys(erasureRules).sort()).to.deep.equal((await listTables()).map(({ name }) => name).sort());
  });

  it('delete from every table with a user_id', async () => {
    const kept = (await listTables())
      .filter(({ name, isOfLearners }) => isOfLearners && erasureRules[name]?.kind === 'nobody')
      .map(({ name }) => name);
    expect(kept).to.deep.equal([]);
  });

  it('are statements that the eraser may run', async () => {
    for (const { name, statement: deleteRows } of erasureSteps) {
      const rows = await database.reader.query<{ rows: number }>(deleteRows, ['00000000-0000-4000-8000-000000000001']);
      expect(rows, name).to.deep.equal([{ rows: 0 }]);
    }
  });
});
