import { expect } from 'chai';
import { connect, plainArray, statement } from '@studyin/domain/database';
import { idOf } from '@studyin/testkit/test-domain';
import { useTestDatabase } from '@studyin/testkit/test-database';

describe('an array as plain text', () => {
  const testDatabase = useTestDatabase();

  it('is read as what it was made of', async () => {
    const ids = [idOf('user', 1), null, idOf('user', 2)];
    const times = [new Date(Date.UTC(2000, 1, 29, 1, 2, 3, 4)), new Date(Date.UTC(2099, 11, 31, 23, 59, 59, 999))];
    const values = { ids, times, days: ['2026-01-31'], numbers: [1.5, -0.25, 1e-7, 0], flags: [true, false, null] };
    const database = connect({ url: testDatabase().url, poolSize: 1, applicationName: 'studyin-test' });
    try {
      const read = statement(
        'test.plain_array',
        `select $1::uuid[] as ids, $2::timestamptz[] as times, $3::date[]::text[] as days, $4::float8[] as numbers,
          $5::boolean[] as flags, $6::int[] as none`,
      );
      const rows = await database.reader.query(read, [...Object.values(values).map(plainArray), plainArray([])]);
      expect(rows).eql([{ ...values, none: [] }]);
    } finally {
      await database.close();
    }
  });
});
