import { expect } from 'chai';
import fc from 'fast-check';
import { importCurriculum, recordEvents, updateLearner } from '@studyin/domain/services';
import { historyCurriculum, randomArrival, randomHistory } from '@studyin/testkit/random-history';
import type { HistoryItem } from '@studyin/testkit/random-history';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { verifiedTables } from '../../src/stores/verify-tables.ts';
import type { VerifiedTable } from '../../src/stores/verify-tables.ts';
import { verify } from '../../src/services/verify.ts';

// Autumn and the turn of the year: clocks change in Berlin and Los Angeles, and week 1 begins in December.
const startMs = Date.UTC(2025, 9, 10);
const fixedAt = new Date('2026-02-01T12:00:00Z');
const learnerTables = [
  'study_events',
  'question_attempts',
  'study_sessions',
  'material_interactions',
  'learner_progress',
  'question_progress',
  'topic_mastery',
  'daily_user_stats',
  'weekly_user_stats',
  'topic_daily_stats',
  'user_learning_metrics',
  'dirty_days',
];

async function sql<Row extends object>({ app }: TestDomain, text: string, bind: unknown[] = []): Promise<Row[]> {
  const [rows] = await app.database.sequelize.query(text, { bind });
  return rows as Row[]; // as: the caller states what it selects
}

async function openDomain(): Promise<TestDomain> {
  const domain = await openTestDomain({ fixedAt });
  await sql(domain, `select ensure_partitions($1)`, [fixedAt.toISOString()]);
  await importCurriculum(domain.app, historyCurriculum);
  return domain;
}

async function record({ app }: TestDomain, userId: string, items: readonly HistoryItem[]): Promise<void> {
  const { results } = await recordEvents(
    app,
    items.map((item) => ({ ...item, userId })),
  );
  const odd = results.filter(({ status }) => status !== 'accepted' && status !== 'duplicate');
  expect(odd).eql([]);
}

/** Every row of a learner but for the times at which it was received and calculated. */
async function rowsOf(domain: TestDomain, userId: string): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const table of learnerTables) {
    const rows = await sql<{ row: object }>(
      domain,
      `select to_jsonb(t) - 'calculated_at' - 'received_at' as row from ${table} t where user_id = $1 order by 1`,
      [userId],
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
}

async function expectSound({ app }: TestDomain, userId: string): Promise<void> {
  const { ok, invariants, checked } = await verify(app, { userIds: [userId] });
  expect(ok, invariants.flatMap(({ examples }) => examples).join('\n')).equal(true);
  expect(checked.pending).equal(0);
}

describe('verify', () => {
  describe('of random histories', () => {
    let inOrder: TestDomain;
    let atRandom: TestDomain;
    before(async () => {
      inOrder = await openDomain();
      atRandom = await openDomain();
    });
    after(async () => {
      await inOrder.close();
      await atRandom.close();
    });

    it('is satisfied, and two orders of arrival end in the same rows', async function () {
      this.timeout(120_000);
      const property = fc.asyncProperty(fc.nat(0x7fffffff), async (seed) => {
        const userId = idOf('learner', seed);
        const items = randomHistory({ seed, startMs });
        for (const batch of randomArrival(items, { seed, inOrder: true })) await record(inOrder, userId, batch);
        await updateLearner(inOrder.app, { userId });
        for (const [n, batch] of randomArrival(items, { seed: seed + 1 }).entries()) {
          await record(atRandom, userId, batch);
          if (n % 2 === seed % 2) await updateLearner(atRandom.app, { userId });
        }
        await updateLearner(atRandom.app, { userId });
        await expectSound(inOrder, userId);
        await expectSound(atRandom, userId);
        expect(await rowsOf(atRandom, userId)).eql(await rowsOf(inOrder, userId));
      });
      await fc.assert(property, { numRuns: 30, endOnFailure: true, includeErrorInReport: true });
    });
  });
});
