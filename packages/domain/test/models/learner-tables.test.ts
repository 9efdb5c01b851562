import { expect } from 'chai';
import { connect, statement, type Database } from '@studyin/domain/database';
import { learnerTables } from '@studyin/domain/models';
import { useTestDatabase } from '@studyin/testkit/test-database';

const selectColumns = statement(
  'test.columns',
  `select c.table_name::text as name, array_agg(c.column_name::text order by c.column_name) as columns
  from information_schema.columns c
  join pg_class r on r.oid = format('%I.%I', c.table_schema, c.table_name)::regclass
  where c.table_schema = 'public' and c.is_generated = 'NEVER' and r.relkind in ('r', 'p') and not r.relispartition
  group by c.table_name
  having bool_or(c.column_name = 'user_id')
  order by 1`,
);

describe('the tables of a learner', () => {
  let database: Database;
  after(() => database.close());
  const testDatabase = useTestDatabase();
  before(() => {
    database = connect({ url: testDatabase().url, poolSize: 1, applicationName: 'models-test' });
  });

  it('are all that have a user_id, with every column that can be written', async () => {
    const found = await database.reader.query<{ name: string; columns: string[] }>(selectColumns);
    const listed = learnerTables.map(({ name, columns }) => ({ name, columns: [...columns].sort() }));
    expect(listed.sort((a, b) => (a.name < b.name ? -1 : 1))).to.deep.equal(found);
  });

  it('begin with the learner’s own row', () => {
    expect(learnerTables[0]).to.deep.include({ name: 'learners', key: ['user_id'] });
  });
});
