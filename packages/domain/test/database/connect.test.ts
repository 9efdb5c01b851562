import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import type { ConnectOptions, Database, Reader, Statement } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { createJobs, installQueues } from '@studyin/domain/jobs';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { asAdmin } from '@studyin/testkit/test-server';
import { waitFor } from '@studyin/testkit/wait-for';

const one = statement('test.one', `select 1 as one`);
const slow = statement('test.slow', `select pg_sleep(10)`);
const settings = statement(
  'test.settings',
  `select pg_backend_pid() as pid, current_user as role, current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
    current_setting('idle_in_transaction_session_timeout') as idle, current_setting('timezone') as zone,
    current_setting('application_name') as application`,
);
// Waits where somebody holds the lock.
const settingsBehindLock = statement(
  'test.settings_behind_lock',
  `${settings.text}, pg_advisory_xact_lock_shared(7)::text as gate`,
);
const lock = statement('test.lock', `select pg_advisory_xact_lock(7)`);
const countAt = (what: string) =>
  statement(
    `test.count_${what}`,
    `select count(*)::int as n from pg_stat_activity where datname = current_database()
    and application_name = 'connect-test' and state = 'active' and wait_event = '${what}'`,
  );
const waiting = countAt('advisory');
const asleep = countAt('PgSleep');
const typed = statement(
  'test.typed',
  `select $1::date as day, $2::timestamptz as at, $3::bigint as big, $4::jsonb as json, $5::uuid[] as ids`,
);

const EXPECTED = {
  role: 'studyin_runtime',
  statement: '15s',
  lock: '5s',
  idle: '15s',
  zone: 'UTC',
  application: 'connect-test',
};

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return error instanceof DomainError ? error.code : `not ours: ${String(error)}`;
  }
}

/** Ends every connection of this test's pools, as a restart of the server would. */
async function terminateAll(database: string): Promise<void> {
  await asAdmin(async (client) => {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'connect-test'`,
      [database],
    );
  });
}

describe('a pool of connections', () => {
  const open: Database[] = [];
  const opened = (options: Partial<ConnectOptions> = {}): Database => {
    const database = connect({
      url: testDatabase().url,
      role: 'studyin_runtime',
      applicationName: 'connect-test',
      poolSize: 3,
      ...options,
    });
    open.push(database);
    return database;
  };

  /** As the owner, who sees what others wait for. */
  const watcher = (): Database => {
    const database = connect({ url: testDatabase().url, poolSize: 2, applicationName: 'connect-test-watcher' });
    open.push(database);
    return database;
  };
  const untilCount = (reader: Reader, count: Statement, n: number): Promise<unknown> =>
    waitFor(async () => (await reader.query<{ n: number }>(count))[0]?.n === n, { what: `${n} of ${count.name}` });

  after(() => Promise.all(open.map((database) => database.close())));
  const testDatabase = useTestDatabase();

  it('gives every connection its role, zone and time-outs', async () => {
    const database = opened();
    const { reader } = database;
    const gate = watcher();
    // Each waits for the others, so that none of them can have the connection of another.
    const reading = await gate.transaction(async (tx) => {
      await tx.query(lock);
      const queries = [
        reader.query(settingsBehindLock),
        reader.query(settingsBehindLock),
        database.transaction((inner) => inner.query(settingsBehindLock)),
      ];
      await untilCount(gate.reader, waiting, 3); // a transaction sees the others as they were
      return queries;
    });
    const rows = await Promise.all(reading);
    const pids = new Set<unknown>();
    for (const [row] of rows) {
      expect(row).to.deep.include(EXPECTED);
      pids.add((row as { pid?: unknown }).pid); // as: the statement selects it
    }
    expect(pids.size).to.equal(3);
  });

  it('plans a statement once for all values only where that is asked for', async () => {
    const mode = statement('test.plan_mode', `select current_setting('plan_cache_mode') as mode`);
    expect(await opened({ planOnce: true }).reader.query(mode)).to.deep.equal([{ mode: 'force_generic_plan' }]);
    expect(await opened().reader.query(mode)).to.deep.equal([{ mode: 'auto' }]);
  });

  it('gives the connections of the queue the same', async () => {
    const { url } = testDatabase();
    await installQueues({ url });
    const jobs = createJobs({
      url,
      role: 'studyin_runtime',
      applicationName: 'connect-test',
      mode: 'send',
      onError: () => undefined,
    });
    await jobs.start();
    try {
      const { rows } = await jobs.boss.getDb().executeSql(settings.text, []);
      expect(rows[0]).to.deep.include(EXPECTED);
    } finally {
      await jobs.stop(1_000);
    }
  });

  it('ends a statement that takes too long', async () => {
    expect(await codeOf(opened({ statementTimeoutMs: 50 }).reader.query(slow))).to.equal('unavailable');
  });

  it('carries a date as a string, a time as a Date and a bigint as a string, both ways', async () => {
    const at = new Date(1_774_746_000_123);
    const id = '0195d2a0-0000-7000-8000-000000000000';
    const values = ['2026-03-29', at, '9007199254740993', JSON.stringify({ a: [1] }), [id]];
    const expected = { day: '2026-03-29', at, big: '9007199254740993', json: { a: [1] }, ids: [id] };
    const database = opened();
    const zoneBefore = process.env['TZ'];
    try {
      for (const zone of ['America/Los_Angeles', 'Pacific/Kiritimati', 'UTC']) {
        process.env['TZ'] = zone; // a shift would show in a process that does not run in UTC
        expect((await database.reader.query(typed, values))[0], zone).to.deep.equal(expected);
        expect((await database.transaction((tx) => tx.query(typed, values)))[0], zone).to.deep.equal(expected);
      }
    } finally {
      if (zoneBefore === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zoneBefore;
    }
  });

  it('gives a connection back after a statement that fails', async () => {
    const { reader } = opened({ poolSize: 1, acquireTimeoutMs: 5_000 });
    const broken = statement('test.broken', `select 1 / $1::int as n`);
    for (let count = 0; count < 5; count += 1) {
      const error: unknown = await reader.query(broken, [0]).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('code', '22012');
    }
    expect(await reader.query(broken, [1])).to.deep.equal([{ n: 1 }]);
  });

  it('answers unavailable when no connection is free in time, and works again after', async () => {
    const database = opened({ poolSize: 1, acquireTimeoutMs: 100 });
    const { reader } = database;
    await waitFor(async () => (await codeOf(reader.query(one))) === 'none'); // to connect may take longer than that
    await database.transaction(async (tx) => {
      await tx.query(one);
      expect(await codeOf(reader.query(one))).to.equal('unavailable');
    });
    expect(await reader.query(one)).to.deep.equal([{ one: 1 }]);
  });

  it('answers unavailable for a database that cannot be reached', async () => {
    const database = opened({ url: 'postgres://nobody@127.0.0.1:1/nothing', acquireTimeoutMs: 1_000 });
    expect(await codeOf(database.reader.query(one))).to.equal('unavailable');
    expect(await codeOf(database.transaction((tx) => tx.query(one)))).to.equal('unavailable');
  });

  /** Waits until every connection that died is noticed: until then a statement on one is unavailable. */
  const recovered = (database: Database) =>
    waitFor(async () => {
      const codes = [
        database.reader.query(one),
        database.reader.query(one),
        database.transaction((tx) => tx.query(one)),
      ].map(codeOf);
      return (await Promise.all(codes)).every((code) => code === 'none');
    });

  it('survives the death of idle connections and uses new ones', async () => {
    const database = opened();
    const { reader } = database;
    await Promise.all([reader.query(settings), reader.query(settings), reader.query(settings)]);
    await terminateAll(testDatabase().name);
    await recovered(database);
    for (let count = 0; count < 6; count += 1) expect(await reader.query(one)).to.deep.equal([{ one: 1 }]);
  });

  it('answers unavailable when its connection dies under a statement, and recovers', async () => {
    const database = opened();
    const { reader } = database;
    const dying = [codeOf(reader.query(slow)), codeOf(database.transaction((tx) => tx.query(slow)))];
    await untilCount(watcher().reader, asleep, 2);
    await terminateAll(testDatabase().name);
    expect(await Promise.all(dying)).to.deep.equal(['unavailable', 'unavailable']);
    await recovered(database);
    for (let count = 0; count < 6; count += 1) {
      expect(await database.transaction((tx) => tx.query(one))).to.deep.equal([{ one: 1 }]);
    }
  });

  it('tells of each read by its name', async () => {
    const names: string[] = [];
    await opened({ onStatement: (name) => names.push(name) }).reader.query(one);
    expect(names).to.deep.equal(['test.one']);
  });
});
