import { expect } from 'chai';
import { connect, sqlStateOf, statement, type Database } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { factAt, insertAttempt, insertEvent, monthStart, partitionOf } from './facts.ts';

const ensure = statement('test.ensure', `select ensure_partitions($1) as made`);
const drop = statement('test.drop', `select drop_partitions($1) as dropped`);
const list = statement(
  'test.partitions',
  `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
  where i.inhparent = $1::text::regclass
  order by 1`,
);
const place = statement('test.place', `select tableoid::regclass::text as name from study_events where id = $1`);

describe('monthly partitions', () => {
  let database: Database;
  let nowMs: number;

  after(() => database.close());
  const testDatabase = useTestDatabase();
  before(async () => {
    database = connect({
      url: testDatabase().url,
      role: 'studyin_runtime',
      applicationName: 'partitions-test',
      poolSize: 2,
    });
    const now = statement('test.now', 'select now() as now');
    nowMs = (await database.reader.query<{ now: Date }>(now))[0]?.now.getTime() ?? 0;
  });
  const namesOf = async (parent: string) =>
    (await database.reader.query<{ name: string }>(list, [parent])).map(({ name }) => name);

  ['study_events', 'question_attempts'].forEach((parent) => {
    it(`of ${parent} reach from 23 months back to three ahead, each a month in UTC`, async () => {
      const months = Array.from({ length: 27 }, (_, index) => monthStart(nowMs, index - 23));
      expect(await namesOf(parent)).to.deep.equal(months.map((month) => partitionOf(parent, month)));
      const [first] = await database.reader.query<{ bounds: string }>(list, [parent]);
      const text = (atMs: number) => `'${new Date(atMs).toISOString().slice(0, 10)} 00:00:00+00'`;
      expect(first?.bounds).to.equal(
        `FOR VALUES FROM (${text(monthStart(nowMs, -23))}) TO (${text(monthStart(nowMs, -22))})`,
      );
    });
  });

  it('take the first and the last millisecond of a month', async () => {
    for (const atMs of [
      monthStart(nowMs, -23),
      monthStart(nowMs, 0) - 1,
      monthStart(nowMs, 0),
      monthStart(nowMs, 4) - 1,
    ]) {
      const [, , id] = factAt(atMs);
      expect(await database.reader.query(insertEvent, factAt(atMs))).to.have.length(1);
      expect(await database.reader.query(insertAttempt, factAt(atMs))).to.have.length(1);
      expect(await database.reader.query(place, [id])).to.deep.equal([{ name: partitionOf('study_events', atMs) }]);
    }
  });

  it('take nothing outside them, and no event whose id carries another time', async () => {
    const refused = async (values: readonly unknown[]) =>
      database.reader.query(insertEvent, values).then(() => null, sqlStateOf);
    expect(await refused(factAt(monthStart(nowMs, -23) - 1))).to.equal('23514');
    expect(await refused(factAt(monthStart(nowMs, 4)))).to.equal('23514');
    const [userId, at, id] = factAt(nowMs);
    expect(await refused([userId, new Date(at.getTime() + 1), id])).to.equal('23514');
  });

  it('are made once, whoever asks and however often', async () => {
    expect(await database.reader.query(ensure, [new Date(nowMs)])).to.deep.equal([{ made: 0 }]);
    const next = new Date(monthStart(nowMs, 1));
    const made = await Promise.all([
      database.reader.query<{ made: number }>(ensure, [next]),
      database.reader.query<{ made: number }>(ensure, [next]),
    ]);
    expect(made.map(([row]) => row?.made ?? -1).sort((a, b) => a - b)).to.deep.equal([0, 2]);
    expect(await namesOf('study_events')).to.include(partitionOf('study_events', monthStart(nowMs, 4)));
  });

  it('are the same months in every session zone', async () => {
    await database.transaction(async (tx) => {
      await tx.executeSql(`set local timezone = 'Pacific/Kiritimati'`);
      expect(await tx.query(ensure, [new Date(monthStart(nowMs, 0))])).to.deep.equal([{ made: 0 }]);
      expect(await tx.query(ensure, [new Date(monthStart(nowMs, 1) - 1)])).to.deep.equal([{ made: 0 }]);
    });
  });

  it('are dropped as whole months only', async () => {
    const oldest = monthStart(nowMs, -23);
    const count = (await namesOf('study_events')).length;
    expect(await database.reader.query(drop, [new Date(monthStart(nowMs, -22) - 1)])).to.deep.equal([{ dropped: 0 }]);
    expect(await database.reader.query(drop, [new Date(monthStart(nowMs, -22))])).to.deep.equal([{ dropped: 2 }]);
    const names = await namesOf('study_events');
    expect(names).to.have.length(count - 1);
    expect(names).not.to.include(partitionOf('study_events', oldest));
    expect(await database.reader.query(place, [factAt(oldest)[2]])).to.have.length(0);
    expect(await database.reader.query(place, [factAt(monthStart(nowMs, 0))[2]])).to.have.length(1);
  });
});
