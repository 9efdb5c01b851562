import { expect } from 'chai';
import pg from 'pg';
import { createTestDatabase, useTestDatabase } from '../src/test-database.ts';
import { isLeftOver, templateName, testRun } from '../src/test-run.ts';

async function count(url: string, text: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query<{ n: number }>(text);
    return found.rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  const database = useTestDatabase();
  const tables = `select count(*)::int as n from pg_tables where schemaname = 'public'`;

  it('is migrated', async () => {
    expect(await count(database().url, tables)).to.be.greaterThan(10);
  });

  it('shares no row with another', async () => {
    const other = await createTestDatabase();
    await count(database().url, 'create table mine (n int)');
    expect(await count(other.url, `select count(*)::int as n from pg_tables where tablename = 'mine'`)).to.equal(0);
    await other.drop();
  });

  it('fails the test that leaves a connection open, and is dropped all the same', async () => {
    const leaking = await createTestDatabase();
    const client = new pg.Client({ connectionString: leaking.url, application_name: 'a forgotten pool' });
    client.on('error', () => {});
    await client.connect();
    const error = await leaking.drop().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(Error).with.property('message').that.includes('a forgotten pool');
    const left = `select count(*)::int as n from pg_database where datname = '${leaking.name}'`;
    expect(await count(database().url, left)).to.equal(0);
  });
});

describe('a test database that a suite connects to', () => {
  const database = useTestDatabase();
  let client: pg.Client;

  before(async () => {
    client = new pg.Client({ connectionString: database().url });
    await client.connect();
  });

  // Written after `useTestDatabase`, and run before it drops the database.
  after(() => client.end());

  it('is dropped after the suite has closed its connections', async () => {
    expect((await client.query('select 1')).rowCount).to.equal(1);
  });
});

describe('the name of a test database', () => {
  const now = Date.now();

  it('tells a killed run of this host from one that still runs', () => {
    const [, , host] = testRun().split('_');
    const start = now.toString(36);
    expect(isLeftOver(`studyin_test_${host}_${process.pid}_${start}_template`, now)).to.equal(false);
    expect(isLeftOver(`studyin_test_${host}_99999999_${start}_0a1b2c3d`, now)).to.equal(true);
  });

  it('leaves the runs of other hosts alone for a day', () => {
    const name = `studyin_test_ffffff_1_${now.toString(36)}_template`;
    expect(isLeftOver(name, now)).to.equal(false);
    expect(isLeftOver(name, now + 25 * 3_600_000)).to.equal(true);
  });

  it('of the template is another as soon as the month is, and of the same run', () => {
    const [last, first] = ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z'].map((at) =>
      templateName(Date.parse(at)),
    );
    expect(last).to.equal(templateName(Date.parse('2026-12-01T00:00:00Z')));
    expect(first).to.not.equal(last);
    for (const name of [last, first]) expect(isLeftOver(name ?? '', now + 25 * 3_600_000)).to.equal(true);
  });

  it('never claims a database of someone else', () => {
    for (const name of ['studyin', 'postgres', 'studyin_test_', 'studyin_test_data', 'studyin_test_a_b_c_d_e']) {
      expect(isLeftOver(name, now + 1e12)).to.equal(false);
    }
  });
});
