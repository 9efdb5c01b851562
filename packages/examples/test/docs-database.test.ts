// Pages that speak of the database, against a database.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { connect, RollbackWith, statement } from '@studyin/domain/database';
import type { Database, Tx } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { blocksOf, getPage, listPages, root } from './pages.ts';

const stores = join(root, 'packages/domain/src/stores');
const tables = statement(
  'test.tables',
  `select c.relname as name
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition`,
);
const indexes = statement(
  'test.indexes',
  `select i.relname as name
  from pg_index x
  join pg_class i on i.oid = x.indexrelid
  join pg_class t on t.oid = x.indrelid
  where t.relnamespace = 'public'::regnamespace and not t.relispartition`,
);

function statementNames(): ReadonlySet<string> {
  const sources = readdirSync(stores).map((file) => readFileSync(join(stores, file), 'utf8'));
  return new Set(sources.flatMap((text) => [...text.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, name = '']) => name)));
}

describe('the pages about the database', () => {
  const testDatabase = useTestDatabase();
  let database: Database;
  before(() => {
    database = connect({ url: testDatabase().url, poolSize: 1, applicationName: 'studyin-test' });
  });
  after(() => database.close());

  const namesOf = async (of: typeof tables): Promise<readonly string[]> =>
    (await database.reader.query<{ name: string }>(of)).map(({ name }) => name);

  it('name every table', async () => {
    const { text } = getPage('docs/data-model.md');
    expect((await namesOf(tables)).filter((name) => !text.includes(`\`${name}\``))).to.deep.equal([]);
  });

  it('name indexes that are there, and every one that has a name of ours', async () => {
    const made = await namesOf(indexes);
    const pages = [getPage('docs/data-model.md').text, getPage('docs/queries.md').text];
    const named = pages.flatMap((text) => text.match(/\bix_\w+|\b\w+_pkey\b/g) ?? []);
    expect(named.filter((name) => !made.includes(name))).to.deep.equal([]);
    expect(made.filter((name) => name.startsWith('ix_') && !pages[0]?.includes(name))).to.deep.equal([]);
  });

  it('name statements that are there, and every one of the dashboards', () => {
    const known = statementNames();
    const { text } = getPage('docs/queries.md');
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const column = rows.map((row) => row.split('|')[2] ?? '').join('\n');
    const named = [...column.matchAll(/`(dashboard\.[a-z_]+)`/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !known.has(name))).to.deep.equal([]);
    const dashboards = [...known].filter((name) => name.startsWith('dashboard.'));
    expect(dashboards.filter((name) => !text.includes(`\`${name}\``))).to.deep.equal([]);
  });

  it('show SQL that runs', async () => {
    const shown = listPages().flatMap((page) => blocksOf(page).filter(({ language }) => language === 'sql'));
    expect(shown).to.not.be.empty;
    const run = async (tx: Tx): Promise<never> => {
      await tx.executeSql('create role app_login'); // stands for a reader's own login
      for (const { text } of shown) await tx.executeSql(text);
      throw new RollbackWith(null);
    };
    await database.transaction(run);
  });
});
