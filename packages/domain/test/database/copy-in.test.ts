import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import type { CopyRow, Database } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';

const make = statement(
  'test.make',
  'create table copied (n int primary key, text text, flag boolean, at timestamptz, data jsonb)',
);
const read = statement('test.read', 'select n, text, flag, at, data from copied order by n');
const copy = statement('test.copy', 'copy copied (n, text, flag, at, data) from stdin');

describe('rows copied in', () => {
  const testDatabase = useTestDatabase();
  let database: Database;
  before(async () => {
    database = connect({ url: testDatabase().url, poolSize: 2, applicationName: 'studyin-test' });
    await database.reader.query(make);
  });
  after(() => database.close());
  afterEach(() => database.reader.query(statement('test.clear', 'delete from copied')));

  const copyIn = (rows: Iterable<CopyRow>) => database.transaction((tx) => tx.copyIn(copy, rows));

  it('are those that were given, whatever their text holds', async () => {
    const texts = ['', '\\N', '\\', 'a\tb\nc\rd', '\\.', '\\t', 'Ünïcödé ☕ 🫀', null, '"quoted", and more'];
    const at = '2026-01-31T12:34:56.789Z';
    const data = { key: 'a\\b\n"c"\t', list: [1, null, true] };
    const rows = texts.map((text, n): CopyRow => [n, text, n % 2 === 0, at, JSON.stringify(data)]);
    expect(await copyIn(rows)).equal(texts.length);
    const stored = await database.reader.query(read);
    expect(stored).eql(texts.map((text, n) => ({ n, text, flag: n % 2 === 0, at: new Date(at), data })));
  });

  it('may be many: they are made as they are taken', async () => {
    const rows = function* (): Generator<CopyRow, void> {
      for (let n = 0; n < 50_000; n += 1) yield [n, `row ${n}`, null, null, null];
    };
    expect(await copyIn(rows())).equal(50_000);
    const [first] = await database.reader.query<{ n: number; text: string }>(read);
    expect(first).include({ n: 0, text: 'row 0' });
  });

  it('may be none', async () => {
    expect(await copyIn([])).equal(0);
  });

  it('are undone as a whole when one of them is refused, and the connection is used again', async () => {
    const rows: CopyRow[] = [
      [1, 'one', null, null, null],
      [1, 'again', null, null, null],
    ];
    const refused = await copyIn(rows).catch((error: unknown) => error);
    expect(refused).property('code', '23505');
    expect(await database.reader.query(read)).eql([]);
    expect(await copyIn(rows.slice(0, 1))).equal(1);
  });

  it('are undone when making them fails', async () => {
    const rows = function* (): Generator<CopyRow, void> {
      yield [1, 'one', null, null, null];
      throw new Error('no more');
    };
    const failed = await copyIn(rows()).catch((error: unknown) => error);
    expect(failed).property('message').includes('no more');
    expect(await database.reader.query(read)).eql([]);
    expect(await copyIn([[2, 'two', null, null, null]])).equal(1);
  });
});
