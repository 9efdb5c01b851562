import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import type { Database, Reader, Statement } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { asAdmin } from '@studyin/testkit/test-server';
import { waitFor } from '@studyin/testkit/wait-for';

const number = statement('test.number', 'select $1::int as n, null::text as nothing');
const text = statement('test.text', 'select $1::text as "theText"');
const none = statement('test.none', 'select 1 as n where false');
const broken = statement('test.broken', 'select 1 / $1::int as n');
const wrong = statement('test.wrong', 'select from nowhere at all');
const count = statement('test.count', 'select count(*)::int as n from counted');
const transaction = statement('test.transaction', 'select now()::text as at');

describe('reads that are asked for in one turn', () => {
  const testDatabase = useTestDatabase();
  let database: Database;
  before(() => {
    database = connect({ url: testDatabase().url, poolSize: 1, acquireTimeoutMs: 5_000, applicationName: 'read-test' });
  });
  after(() => database.close());

  type Outcome = { readonly rows: readonly object[] } | { readonly code: unknown };
  const outcomesOf = (asked: readonly (readonly [Statement, ...unknown[]])[]): Promise<readonly Outcome[]> =>
    database.inOrder((reader) => Promise.all(asked.map(([of, ...values]) => outcome(reader, of, values))));
  const outcome = async (reader: Reader, of: Statement, values: readonly unknown[]): Promise<Outcome> => {
    try {
      return { rows: await reader.query(of, values) };
    } catch (error) {
      return { code: (error as { code?: unknown }).code }; // as: what PostgreSQL and we throw has one
    }
  };
  const isWell = async (): Promise<void> => {
    expect(await outcomesOf([[number, 7], [text, 'well'], [none]])).to.deep.equal([
      { rows: [{ n: 7, nothing: null }] },
      { rows: [{ theText: 'well' }] },
      { rows: [] },
    ]);
  };

  it('are each answered with their own rows, the first time and when the server knows them', async () => {
    await isWell();
    await isWell();
    const same = await outcomesOf([[number, 1], [number, 2], [none], [number, 3]]);
    expect(same.map((one) => ('rows' in one ? one.rows.length : one))).to.deep.equal([1, 1, 0, 1]);
    expect(same[3]).to.deep.equal({ rows: [{ n: 3, nothing: null }] });
  });

  it('are one transaction of the server, each of which sees what was committed before it', async () => {
    const [first, second] = await outcomesOf([[transaction], [transaction]]);
    expect(first).to.deep.equal(second);
    const apart = await database.inOrder(async (reader) => [
      await reader.query(transaction),
      await reader.query(transaction),
    ]);
    expect(apart[0]).to.not.deep.equal(apart[1]);
  });

  it('fail after one that fails, and those of the next turn do not', async () => {
    const failed = await outcomesOf([
      [number, 1],
      [broken, 0],
      [number, 2],
      [text, 'after'],
    ]);
    expect(failed).to.deep.equal([
      { rows: [{ n: 1, nothing: null }] },
      { code: '22012' },
      { code: '22012' },
      { code: '22012' },
    ]);
    await isWell();
  });

  it('all fail where the first of them does, known or not, and the connection answers the next', async () => {
    await isWell();
    for (const first of [[broken, 0] as const, [wrong] as const]) {
      const failed = await outcomesOf([first, [number, 1], [text, 'after']]);
      expect(failed[0])
        .to.have.property('code')
        .that.matches(/^(22012|42)/);
      expect(failed).to.deep.equal([failed[0], failed[0], failed[0]]);
      await isWell();
    }
  });

  it('are known to the server only once it has read them', async () => {
    const late = statement('test.late', `select 'late' as word`);
    for (const fault of [wrong, { ...count, name: 'test.missing' }]) {
      const outcomes = await outcomesOf([[fault], [late]]);
      expect(outcomes[0]).to.have.property('code').that.matches(/^42/);
      expect(outcomes[1]).to.deep.equal(outcomes[0]);
    }
    expect(await outcomesOf([[late], [{ ...late, name: '' }]])).to.deep.equal([
      { rows: [{ word: 'late' }] },
      { rows: [{ word: 'late' }] },
    ]);
  });

  it('have the columns that a new connection tells, whatever an earlier one told', async () => {
    const change = (sql: string) => database.transaction((tx) => tx.executeSql(sql));
    await change(`create table changing as select 7 as value`);
    const changing = statement('test.changing', 'select * from changing');
    expect(await database.reader.query(changing)).to.deep.equal([{ value: 7 }]);
    await change(`alter table changing alter value type text, add also date default '2026-03-01'`);
    await asAdmin((client) =>
      client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [testDatabase().name]),
    );
    const rows = await waitFor(() => database.reader.query(changing), { what: 'a new connection' });
    expect(rows).to.deep.equal([{ value: '7', also: '2026-03-01' }]);
  });

  it('take texts without a name, which are read anew each time', async () => {
    const nameless = (word: string): Statement => ({ name: '', text: `select '${word}' as ${word}` });
    expect(await outcomesOf([[nameless('one')], [nameless('two')]])).to.deep.equal([
      { rows: [{ one: 'one' }] },
      { rows: [{ two: 'two' }] },
    ]);
  });

  it('fail where a value cannot be sent, alone', async () => {
    const ring: Record<string, unknown> = {};
    ring['ring'] = ring;
    const outcomes = await outcomesOf([
      [number, 1],
      [text, ring],
      [number, 2],
    ]);
    expect(outcomes[1]).to.deep.equal({ code: undefined });
    expect([outcomes[0], outcomes[2]]).to.deep.equal([
      { rows: [{ n: 1, nothing: null }] },
      { rows: [{ n: 2, nothing: null }] },
    ]);
    await isWell();
  });

  it('leave the connection free for the next, also where nobody waited for them', async () => {
    await database.inOrder(async (reader) => {
      void reader.query(text, ['unheard']);
      reader.query(broken, [0]).catch(() => undefined);
    });
    expect(await database.reader.query(number, [3])).to.deep.equal([{ n: 3, nothing: null }]);
  });
});
