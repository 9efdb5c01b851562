import { expect } from 'chai';
import fc from 'fast-check';
import { addDays, midnightAfterMs } from '@studyin/domain/algorithms';
import { runNights, updateLearner } from '@studyin/domain/services';
import { createDice } from '@studyin/testkit/dice';
import { randomArrival, randomHistory } from '@studyin/testkit/random-history';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { moveLearners } from '../../../src/services/nightly/move-learners.ts';
import { derivedTables, rowsOf, versionsIn } from '../learner-rows.ts';
import { expectSound, openVerifyDomain, record, sql, startMs, study } from '../verify-domain.ts';

const LAST_NIGHT = '2026-01-31';
const FIRST_NIGHT = '2025-10-20';
const RUNS = 25;
// Beyond the seeds of the property, whose learners bear their seed.
const FORGETTING = 0x8000001;
const WATCHED = 0x8000002;

/** The night of `day` for the n-th learner alone. */
function moveOne({ app }: TestDomain, n: number, day: string): Promise<number> {
  return moveLearners(app, { fromUserId: idOf('learner', n), toUserId: idOf('learner', n + 1) }, day);
}

describe('a night', () => {
  let domain: TestDomain;
  let other: TestDomain;
  before(async () => {
    domain = await openVerifyDomain();
    other = await openVerifyDomain();
  });
  after(async () => {
    await domain.close();
    await other.close();
  });

  /** One history in two databases: all facts before a single night, and nights between its parts, up to the same last one. */
  const expectSameRows = async (seed: number): Promise<void> => {
    const userId = idOf('learner', seed);
    const items = randomHistory({ seed, startMs });
    const dice = createDice(seed);
    let day = FIRST_NIGHT;
    for (const batch of randomArrival(items, { seed: seed + 1 })) {
      await record(other, { userId, items: batch });
      if (dice.chance(0.6)) await updateLearner(other.app, { userId });
      if (dice.chance(0.6)) day = addDays(day, dice.int(0, 20));
      if (dice.chance(0.6)) await moveOne(other, seed, day);
      if (dice.chance(0.3)) await moveOne(other, seed, FIRST_NIGHT);
    }
    // A night never goes back, and these may have come further than the one that ends the other histories.
    const lastNight = day > LAST_NIGHT ? day : LAST_NIGHT;
    if (dice.chance(0.5)) await moveOne(other, seed, lastNight);
    await updateLearner(other.app, { userId });
    await expectSound(other, userId);
    await moveOne(other, seed, lastNight);

    for (const batch of randomArrival(items, { seed, inOrder: true })) await record(domain, { userId, items: batch });
    await updateLearner(domain.app, { userId });
    await moveOne(domain, seed, lastNight);
    await expectSound(domain, userId);
    await expectSound(other, userId);
    expect(await rowsOf(other, userId)).eql(await rowsOf(domain, userId));
  };

  it('may come at any point of any arrival: the rows end as if all facts had come before the last one', async function () {
    this.timeout(120_000);
    // A smaller seed is not a smaller history: there is nothing to shrink. The seed of a failing run is in its report.
    const property = fc.asyncProperty(fc.nat(0x7ffffff), expectSameRows);
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true });
  });

  it('may come at any point of an arrival in so many parts that its nights reach into February', async () => {
    await expectSameRows(101_588_907);
  });

  it('finds a learner who was first seen after it as one who had been there before', async () => {
    const [early, late] = [await openVerifyDomain(), await openVerifyDomain()];
    const userId = idOf('learner', 1);
    try {
      await study(early, { userId, seed: 21 });
      await runNights(early.app);
      await runNights(late.app);
      await study(late, { userId, seed: 21 });
      expect(await rowsOf(late, userId)).eql(await rowsOf(early, userId));
      await expectSound(late, userId);
    } finally {
      await early.close();
      await late.close();
    }
  });

  it('forgets, ends streaks and empties windows, and never goes back', async () => {
    const userId = idOf('learner', FORGETTING);
    await study(domain, { userId, seed: 22 });
    const scores = () =>
      sql<{ id: string; score: number; asOf: Date }>(
        domain,
        `select topic_id as id, mastery_score as score, as_of as "asOf" from topic_mastery
        where user_id = $1 and mastery_score is not null order by topic_id`,
        [userId],
      );
    const before = await scores();
    expect(await moveOne(domain, FORGETTING, LAST_NIGHT)).greaterThan(2);
    const after = await scores();
    expect(after.length).greaterThan(1);
    for (const [n, { score, asOf }] of after.entries()) {
      expect(score).lessThan(before[n]?.score ?? 0);
      expect(asOf.getTime()).equal(midnightAfterMs(LAST_NIGHT));
    }
    const [overview] = await sql(
      domain,
      `select as_of::text, current_streak_days, questions_7d, questions_all > 0 as has_past from user_learning_metrics where user_id = $1`,
      [userId],
    );
    expect(overview).eql({ as_of: LAST_NIGHT, current_streak_days: 0, questions_7d: 0, has_past: true });
    expect(await moveOne(domain, FORGETTING, FIRST_NIGHT)).equal(0);
    expect(await scores()).eql(after);
    await expectSound(domain, userId);
  });

  it('lets a dashboard that was kept know: the watermark grows, once', async () => {
    const userId = idOf('learner', WATCHED);
    await study(domain, { userId, seed: 23 });
    const watermark = async () =>
      (await sql<{ at: number }>(domain, `select watermark::int as at from learners where user_id = $1`, [userId]))[0]
        ?.at ?? 0;
    const before = await watermark();
    await moveOne(domain, WATCHED, LAST_NIGHT);
    expect(await watermark()).equal(before + 1);
    await moveOne(domain, WATCHED, LAST_NIGHT);
    expect(await watermark()).equal(before + 1);
  });

  it('done twice changes no row of any table', async () => {
    const tables = [...derivedTables, 'learners', 'peer_distributions', 'question_statistics'];
    const first = await runNights(domain.app, { asOf: LAST_NIGHT, learnersAChunk: 7 });
    expect(first.map(({ step, day }) => `${step} ${day}`)).eql([
      'daily-stats 2026-01-31',
      'mastery 2026-01-31',
      'peers 2026-01-31',
      'question-statistics 2026-01-31',
      'mastery-model 2026-01-31',
      'partitions 2026-01-31',
      'checkpoints 2026-01-31',
      'retention 2026-01-31',
      'verify-sample 2026-01-31',
    ]);
    const before = await versionsIn(domain, tables);
    const again = await runNights(domain.app, { asOf: LAST_NIGHT });
    expect(again.map(({ rows }) => rows)).eql(first.map(() => 0));
    expect(await versionsIn(domain, tables)).eql(before);
    expect(before.length).greaterThan(1_000);
    expect(await sql(domain, `select from batch_chunks`)).eql([]);
  });

  it('is refused for a day that is not over, and for one before a night that is done', async () => {
    const refusal = (asOf: string) => runNights(domain.app, { asOf }).catch((error: unknown) => error);
    expect(await refusal('2026-02-01')).property(
      'message',
      'The day 2026-02-01 is not over in UTC; the last one is 2026-01-31.',
    );
    await runNights(domain.app);
    expect(await refusal('2026-01-30')).property(
      'message',
      'The night of 2026-01-30 lies before that of 2026-01-31, which is done.',
    );
  });
});
