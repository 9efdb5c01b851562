import { expect } from 'chai';
import { connect, poolUseOf, statement } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';

const pidOf = statement('test.pid', 'select pg_backend_pid() as pid');

describe('a pool that is opened before it is used', () => {
  const testDatabase = useTestDatabase();

  const withPool = async (url: string, use: (pool: Database) => Promise<void>): Promise<void> => {
    const pool = connect({ url, poolSize: 3, keepOpen: true, acquireTimeoutMs: 2_000, applicationName: 'open-test' });
    try {
      await use(pool);
    } finally {
      await pool.close();
    }
  };

  it('lends each of its connections once, and then has all of them free', () =>
    withPool(testDatabase().url, async (pool) => {
      const pids: unknown[] = [];
      await pool.open(async (reader) => void pids.push(...(await reader.query(pidOf))));
      expect(new Set(pids.map((row) => JSON.stringify(row))).size).to.equal(3);
      expect(poolUseOf(pool)).to.deep.equal({ size: 3, idle: 3, waiting: 0 });
      expect(pids).to.deep.include((await pool.reader.query(pidOf))[0]);
    }));

  it('is usable where what was asked of its connections failed, or where none could be opened', async () => {
    await withPool(testDatabase().url, async (pool) => {
      await pool.open(async (reader) => void (await reader.query(statement('test.wrong', 'select 1 / 0'))));
      expect(await pool.reader.query(pidOf)).to.have.length(1);
    });
    await withPool('postgres://nobody@127.0.0.1:1/nothing', async (pool) => {
      await pool.open(async () => expect.fail('there is nothing to lend'));
      expect(poolUseOf(pool)).to.deep.include({ idle: 0, waiting: 0 });
    });
  });
});
