// A domain whose clock stands at a fixed day, with the curriculum of random histories, for the tests of `verify`.
import { expect } from 'chai';
import { importCurriculum, recordEvents, updateLearner, verify } from '@studyin/domain/services';
import type { Verification } from '@studyin/domain/services';
import { historyCurriculum, randomHistory } from '@studyin/testkit/random-history';
import type { HistoryItem } from '@studyin/testkit/random-history';
import { openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';

// Autumn and the turn of the year: clocks change in Berlin and Los Angeles, and week 1 begins in December.
export const startMs = Date.UTC(2025, 9, 10);
const winter = new Date('2026-02-01T12:00:00Z');

/** Runs a statement that is not prepared: the unnamed one. */
export async function sql<Row extends object>(
  { app }: { readonly app: Pick<TestDomain['app'], 'database'> },
  text: string,
  bind: readonly unknown[] = [],
): Promise<readonly Row[]> {
  return app.database.reader.query<Row>({ name: '', text }, bind);
}

/** `fixedAt`: the day on which it stands; `role` as `openTestDomain` takes it. */
export async function openVerifyDomain({
  fixedAt = winter,
  ...options
}: { readonly fixedAt?: Date; readonly role?: string } = {}): Promise<TestDomain> {
  const domain = await openTestDomain({ fixedAt, ...options });
  await sql(domain, `select ensure_partitions($1)`, [fixedAt.toISOString()]);
  await importCurriculum(domain.app, historyCurriculum);
  return domain;
}

export async function record(
  { app }: TestDomain,
  { userId, items }: { readonly userId: string; readonly items: readonly HistoryItem[] },
): Promise<void> {
  const { results } = await recordEvents(
    app,
    items.map((item) => ({ ...item, userId })),
  );
  expect(results.filter(({ status }) => status !== 'accepted' && status !== 'duplicate')).eql([]);
}

/** Records a random history and brings the learner up to date. */
export async function study(domain: TestDomain, { userId, seed }: { userId: string; seed: number }): Promise<void> {
  await record(domain, { userId, items: randomHistory({ seed, startMs }) });
  await updateLearner(domain.app, { userId });
}

export async function expectSound({ app }: TestDomain, userId: string): Promise<void> {
  const { ok, invariants, checked } = await verify(app, { userIds: [userId] });
  expect(ok, invariants.flatMap(({ examples }) => examples).join('\n')).equal(true);
  expect(checked).include({ learners: 1, pending: 0 });
}

export function broken({ invariants }: Verification): string[] {
  return invariants.filter(({ ok }) => !ok).map(({ id }) => id);
}
