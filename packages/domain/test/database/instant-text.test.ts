import { expect } from 'chai';
import { connect, isoOfText, statement } from '@studyin/domain/database';
import type { Database, InstantText } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';

const asTexts = statement(
  'test.instants_as_text',
  `select at::text as text, date_trunc('milliseconds', at) as at from unnest($1::timestamptz[]) at order by at`,
);
const elsewhere = statement(
  'test.instant_elsewhere',
  `select (now() at time zone 'Asia/Kolkata')::text || '+05:30' as text`,
);

describe('an instant that PostgreSQL wrote', () => {
  const testDatabase = useTestDatabase();
  let database: Database;
  before(() => {
    database = connect({ url: testDatabase().url, poolSize: 1, applicationName: 'instant-test' });
  });
  after(() => database.close());

  const written = [
    '2026-03-17 08:30:00+00',
    '2026-03-17 08:30:00.5+00',
    '2026-03-17 08:30:00.05+00',
    '2026-03-17 08:30:00.123+00',
    '2026-03-17 08:30:00.120001+00',
    '2026-03-17 08:30:00.999999+00',
    '2026-03-17 14:00:01+05:30',
    '1999-12-31 23:59:59.007+00',
    '2100-02-28 23:59:59.9+00',
  ];

  it('is written anew as JavaScript writes it, to the millisecond', async () => {
    const rows = await database.reader.query<{ text: InstantText; at: Date }>(asTexts, [written]);
    expect(rows).to.have.length(written.length);
    for (const { text, at } of rows) expect(isoOfText(text)).to.equal(at.toISOString());
  });

  it('sorts as text as it sorts by time', async () => {
    const rows = await database.reader.query<{ text: InstantText }>(asTexts, [written]);
    const texts = rows.map(({ text }) => text);
    expect(texts.toSorted()).to.deep.equal(texts);
  });

  it('is refused in another zone than UTC, and null stays null', async () => {
    const [row] = await database.reader.query<{ text: InstantText }>(elsewhere, []);
    expect(() => isoOfText(row?.text ?? null)).to.throw(RangeError, 'no instant in UTC');
    expect(isoOfText(null)).to.equal(null);
  });
});
