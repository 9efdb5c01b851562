import { expect } from 'chai';
import fc from 'fast-check';
import { connect, statement } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { columnArrays, fromColumnArrays } from '../../src/stores/column-arrays.ts';

const columns = { place: 'int', share: 'float8', label: 'text', list: 'jsonb', is_right: 'boolean' } as const;
const read = statement('test.column_arrays', `select r.* from ${fromColumnArrays(columns)} order by place`);

const text = fc.string({ unit: 'grapheme' }).filter((label) => !label.includes('\0'));
const hard = fc.constantFrom('', 'NULL', 'null', '"', '\\', 'a,b', '{}', '\\"', ' ');
const row = fc.record({
  share: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((share) => share + 0)),
  label: fc.option(fc.oneof(hard, text)),
  list: fc.option(fc.array(fc.record({ text: fc.oneof(hard, text) }), { maxLength: 3 })),
  is_right: fc.option(fc.boolean()),
});

describe('arrays of columns', () => {
  const testDatabase = useTestDatabase();

  it('bring every row to the server as it was, whatever its texts hold', async () => {
    const database = connect({ url: testDatabase().url, applicationName: 'column-arrays-test', poolSize: 1 });
    const property = fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (given) => {
      const rows = given.map((one, place) => ({ place, ...one }));
      expect(await database.reader.query(read, columnArrays(columns, rows))).deep.equal(rows);
    });
    try {
      await fc.assert(property, { numRuns: 200 });
    } finally {
      await database.close();
    }
  });

  it('send null for what a row does not name', () => {
    expect(columnArrays({ place: 'int', label: 'text' }, [{ place: 1 }, { label: 'a' }])).deep.equal([
      '{1,NULL}',
      '{NULL,"a"}',
    ]);
  });
});
