import { expect } from 'chai';
import { connect, RollbackWith, statement, type Database, type Tx } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { deterministicUuid } from '@studyin/domain/events';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';

const id = (text: string): string => deterministicUuid('transaction-test', text);
const insert = statement('test.insert', `insert into learners (user_id) values ($1)`);
const add = statement('test.add', `update learners set answers = answers + 1 where user_id = $1`);
const selectAnswers = statement('test.answers', `select answers::int as answers from learners where user_id = $1`);
const countWaiting = statement(
  'test.waiting',
  `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
);

function failing(state: string) {
  return statement(`test.fail_${state}`, `do $$ begin raise exception using errcode = '${state}'; end $$`);
}

describe('a transaction', () => {
  let database: Database;

  after(() => database.close());
  const testDatabase = useTestDatabase();
  before(() => {
    database = connect({
      url: testDatabase().url,
      applicationName: 'transaction-test',
      poolSize: 4,
      lockTimeoutMs: 2_000,
    });
  });

  const answersOf = async (name: string): Promise<number | null> =>
    (await database.reader.query<{ answers: number }>(selectAnswers, [id(name)]))[0]?.answers ?? null;
  const thrownBy = (fn: (tx: Tx) => Promise<unknown>): Promise<unknown> =>
    database.transaction(fn).then(
      () => null,
      (error: unknown) => error,
    );

  it('commits and answers', async () => {
    expect(await database.transaction(async (tx) => (await tx.query(insert, [id('a')])).length)).to.equal(0);
    expect(await answersOf('a')).to.equal(0);
  });

  it('is undone by an error, which passes unchanged', async () => {
    const problem = new Error('no');
    const thrown = await thrownBy(async (tx) => {
      await tx.query(add, [id('a')]);
      throw problem;
    });
    expect(thrown).to.equal(problem);
    expect(await answersOf('a')).to.equal(0);
  });

  it('is undone by RollbackWith, whose value is the answer', async () => {
    const answer = await database.transaction<string>(async (tx) => {
      await tx.query(add, [id('a')]);
      throw new RollbackWith('answer');
    });
    expect(answer).to.equal('answer');
    expect(await answersOf('a')).to.equal(0);
  });

  ['40001', '40P01', '55P03'].forEach((state) => {
    it(`is run again from the start after ${state}, and its first tries leave nothing`, async () => {
      const before = await answersOf('a');
      let tries = 0;
      await database.transaction(async (tx) => {
        tries += 1;
        await tx.query(add, [id('a')]);
        if (tries < 3) await tx.query(failing(state));
      });
      expect(tries).to.equal(3);
      expect(await answersOf('a')).to.equal((before ?? 0) + 1);
    });

    it(`is run again three times at most after ${state}, then is unavailable`, async () => {
      let tries = 0;
      const thrown = await thrownBy((tx) => {
        tries += 1;
        return tx.query(failing(state));
      });
      expect(tries).to.equal(4);
      expect(thrown).to.be.an.instanceOf(DomainError).with.property('code', 'unavailable');
      expect(thrown).to.have.nested.property('cause.code', state);
    });
  });

  it('is run once when anything else goes wrong', async () => {
    let tries = 0;
    const thrown = await thrownBy((tx) => {
      tries += 1;
      return tx.query(insert, [id('a')]);
    });
    expect(tries).to.equal(1);
    expect(thrown).to.have.property('code', '23505');
  });

  it('is run again when only its commit fails', async () => {
    await database.sequelize.query(`
      create sequence tries;
      create function fail_twice() returns trigger language plpgsql as $$
      begin
        if nextval('tries') <= 2 then raise exception using errcode = '40001'; end if;
        return null;
      end $$;
      create constraint trigger fail_twice after insert on cohorts deferrable initially deferred for each row execute function fail_twice();
    `);
    let tries = 0;
    await database.transaction(async (tx) => {
      tries += 1;
      await tx.query(statement('test.cohort', `insert into cohorts (id, name) values ($1, 'x')`), [id('cohort')]);
    });
    expect(tries).to.equal(3);
    expect(await database.sequelize.query('select id from cohorts', { plain: true })).to.deep.equal({
      id: id('cohort'),
    });
  });

  it('survives a real deadlock: both sides come through', async () => {
    await database.transaction((tx) => tx.query(insert, [id('b')]));
    const [a, b] = [await answersOf('a'), await answersOf('b')];
    let met: () => void = () => undefined;
    const meeting = new Promise<void>((resolve) => (met = resolve));
    let arrived = 0;
    const crossing = (first: string, second: string) =>
      database.transaction(async (tx) => {
        await tx.query(add, [id(first)]);
        arrived += 1;
        if (arrived >= 2) met();
        await meeting;
        await tx.query(add, [id(second)]);
      });
    await Promise.all([crossing('a', 'b'), crossing('b', 'a')]);
    expect([await answersOf('a'), await answersOf('b')]).to.deep.equal([(a ?? 0) + 2, (b ?? 0) + 2]);
    expect(arrived).to.be.greaterThan(2);
  });

  it('waits for a lock no longer than its time-out, and tries again', async () => {
    const impatient = connect({
      url: testDatabase().url,
      applicationName: 'transaction-test',
      poolSize: 2,
      lockTimeoutMs: 300,
    });
    try {
      let tries = 0;
      let pending: Promise<unknown> = Promise.resolve();
      await database.transaction(async (tx) => {
        await tx.query(add, [id('a')]);
        pending = impatient.transaction((other) => {
          tries += 1;
          return other.query(add, [id('a')]);
        });
        await waitFor(() => tries >= 2, { what: 'a second try' });
      });
      await pending;
      expect(tries).to.be.within(2, 4);
    } finally {
      await impatient.close();
    }
  });

  it('loses no increment of many at once', async () => {
    const before = await answersOf('b');
    await Promise.all(Array.from({ length: 40 }, () => database.transaction((tx) => tx.query(add, [id('b')]))));
    expect(await answersOf('b')).to.equal((before ?? 0) + 40);
    expect(await database.reader.query(countWaiting)).to.deep.equal([{ n: 0 }]);
  });

  describe('whose connection dies', () => {
    const cut = statement('test.cut', `select pg_terminate_backend(pg_backend_pid())`);
    const lines: unknown[] = [];
    const { warn } = console;
    before(() => {
      console.warn = (line: unknown) => void lines.push(line);
    });
    after(() => {
      console.warn = warn;
    });

    it('is unavailable, says so on no console, and the next one has another connection', async () => {
      const told: unknown[] = [];
      const watched = connect({
        url: testDatabase().url,
        applicationName: 'transaction-test',
        poolSize: 1,
        onRollbackFailed: (error) => told.push(error),
      });
      try {
        const thrown = await watched
          .transaction((tx) => tx.query(cut))
          .then(
            () => null,
            (error: unknown) => error,
          );
        expect(thrown).to.be.an.instanceOf(DomainError).with.property('code', 'unavailable');
        expect(told).to.have.length(1);
        expect(await watched.transaction(async (tx) => (await tx.query(selectAnswers, [id('a')])).length)).to.equal(1);
        expect(lines).to.deep.equal([]);
      } finally {
        await watched.close();
      }
    });

    it('as it commits is unavailable too, since nobody knows what came of it', async () => {
      const thrown = await thrownBy(async (tx) => {
        await tx.query(add, [id('a')]);
        await tx.query(cut).catch(() => undefined);
      });
      expect(thrown).to.be.an.instanceOf(DomainError).with.property('code', 'unavailable');
      expect(lines).to.deep.equal([]);
    });
  });

  it('whose failed statement went unnoticed is not taken for committed', async () => {
    const before = await answersOf('a');
    const thrown = await thrownBy(async (tx) => {
      await tx.query(add, [id('a')]);
      await tx.query(failing('22000')).catch(() => undefined);
    });
    expect(thrown).to.have.property('code', '22000');
    expect(await answersOf('a')).to.equal(before);
  });

  it('runs the SQL of libraries on its own connection', async () => {
    const { rows } = await database.transaction(async (tx) => {
      await tx.query(insert, [id('c')]);
      const seen = await tx.executeSql('select count(*)::int as n from learners where user_id = $1', [id('c')]);
      throw new RollbackWith(seen);
    });
    expect(rows).to.deep.equal([{ n: 1 }]);
    expect(await answersOf('c')).to.equal(null);
  });

  it('keeps the order of statements that nobody waited for, and commits them', async () => {
    const before = await answersOf('b');
    const seen = await database.transaction(async (tx) => {
      for (let count = 0; count < 5; count += 1) tx.send(add, [id('b')]);
      tx.sendSql('update learners set answers = answers * 2 where user_id = $1', [id('b')]);
      const rows = await tx.query<{ answers: number }>(selectAnswers, [id('b')]);
      tx.send(add, [id('b')]);
      return rows[0]?.answers;
    });
    const doubled = ((before ?? 0) + 5) * 2;
    expect([seen, await answersOf('b')]).to.deep.equal([doubled, doubled + 1]);
  });

  it('throws at its commit what a statement threw that nobody waited for, and leaves nothing', async () => {
    const before = await answersOf('b');
    const thrown = await thrownBy(async (tx) => {
      await tx.query(add, [id('b')]);
      tx.send(insert, [id('b')]);
      tx.send(add, [id('b')]);
    });
    expect(thrown).to.have.property('code', '23505');
    expect(await answersOf('b')).to.equal(before);
  });

  it('names the statement that failed first, not one that met the aborted transaction', async () => {
    const thrown = await thrownBy(async (tx) => {
      tx.send(insert, [id('b')]);
      await tx.query(selectAnswers, [id('b')]);
    });
    expect(thrown).to.have.property('code', '23505');
  });

  it('is run again when a statement that nobody waited for met a serialisation failure', async () => {
    let tries = 0;
    await database.transaction((tx) => {
      tries += 1;
      tx.send(add, [id('b')]);
      if (tries < 3) tx.send(failing('40001'), []);
      return Promise.resolve();
    });
    expect(tries).to.equal(3);
  });

  it('takes no statement after its end, which would stand outside of it', async () => {
    const held: Tx[] = [];
    const before = await answersOf('b');
    await database.transaction((tx) => Promise.resolve(held.push(tx)));
    const late = held.map((tx) => tx.query(add, [id('b')]).catch((error: unknown) => (error as Error).message));
    expect(await Promise.all(late)).to.deep.equal(['a statement was asked for after the end of its transaction']);
    expect(await answersOf('b')).to.equal(before);
  });
});
