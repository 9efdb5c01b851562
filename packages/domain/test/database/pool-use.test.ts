import { expect } from 'chai';
import { connect, poolUseOf, statement } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';

describe('the use of a pool', () => {
  const database = useTestDatabase();

  it('is what is open, what is idle and who waits', async () => {
    const pool = connect({ url: database().url, poolSize: 1, applicationName: 'studyin-test' });
    try {
      expect(poolUseOf(pool)).to.deep.equal({ size: 0, idle: 0, waiting: 0 });
      let release: (() => void) | null = null;
      const held = pool.transaction(() => new Promise<void>((resolve) => (release = resolve)));
      const end = await waitFor(() => release);
      const waiting = pool.reader.query(statement('test.one', 'select 1'));
      await waitFor(() => poolUseOf(pool).waiting === 1);
      expect(poolUseOf(pool)).to.deep.equal({ size: 1, idle: 0, waiting: 1 });
      end();
      await Promise.all([held, waiting]);
      expect(poolUseOf(pool)).to.deep.equal({ size: 1, idle: 1, waiting: 0 });
    } finally {
      await pool.close();
    }
  });
});
