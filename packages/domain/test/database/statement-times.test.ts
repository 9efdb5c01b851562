import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';

const pause = statement('test.pause', `select pg_sleep(0.03)`);
const slow = statement('test.slow', `select pg_sleep(1)`);
const one = statement('test.one', `select 1`);
const broken = statement('test.broken', `select 1 / $1::int as n`);
const copyUsers = statement('test.copy', `copy learners (user_id) from stdin`);

describe('the times of statements', () => {
  const told: { readonly name: string; readonly elapsedMs: number }[] = [];
  let database: Database;
  after(() => database.close());
  const testDatabase = useTestDatabase();
  before(() => {
    database = connect({
      url: testDatabase().url,
      applicationName: 'times-test',
      poolSize: 1,
      onStatement: (name, elapsedMs) => told.push({ name, elapsedMs }),
    });
  });
  beforeEach(() => told.splice(0));

  it('are told by name, of reads and of what a transaction runs, the queue’s own and COPY among them', async () => {
    await database.reader.query(pause);
    await database.transaction(async (tx) => {
      await tx.query(one); // what is sent with BEGIN counts from when its answer was read, be it late
      await tx.query(pause);
      await tx.executeSql('select 1');
      await tx.copyIn(copyUsers, [['0195d2a0-0000-4000-8000-000000000001']]);
    });
    expect(told.map(({ name }) => name)).to.deep.equal([
      'test.pause',
      'transaction.begin',
      'test.one',
      'test.pause',
      'queue.statement',
      'test.copy',
      'transaction.commit',
    ]);
    for (const waited of [told[0], told[3]]) expect(waited?.elapsedMs).to.be.at.least(29);
  });

  it('are those of each alone, also where several are on their way', async () => {
    const started = performance.now();
    await database.transaction(async (tx) => {
      await tx.query(one);
      tx.send(slow, []);
      tx.send(one, []);
      await tx.query(slow);
    });
    const wholeMs = performance.now() - started;
    const [, , first, second = NaN, third = NaN] = told.map(({ elapsedMs }) => elapsedMs);
    expect(first).to.be.at.least(995);
    // Counted from when it was sent, each would have the times of those before it too, two seconds more in all.
    expect((first ?? NaN) + second + third).to.be.at.most(wholeMs + 5);
  });

  it('are told of a statement that fails too', async () => {
    await database.reader.query(broken, [0]).catch(() => undefined);
    await database.transaction((tx) => tx.query(broken, [0])).catch(() => undefined);
    expect(told.map(({ name }) => name)).to.deep.equal([
      'test.broken',
      'transaction.begin',
      'test.broken',
      'transaction.rollback',
    ]);
  });
});
