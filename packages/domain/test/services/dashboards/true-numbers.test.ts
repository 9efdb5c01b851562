// Every number that a dashboard shows is the one that counting the facts by hand gives, for any history and on any day.
import { expect } from 'chai';
import fc from 'fast-check';
import { getEfficiency, getPatterns, runNights, updateLearner } from '@studyin/domain/services';
import { historyCurriculum, randomArrival, randomHistory } from '@studyin/testkit/random-history';
import type { HistoryItem } from '@studyin/testkit/random-history';
import { simulatedHistory } from '@studyin/testkit/simulated-history';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { expectSound, openVerifyDomain, record, startMs } from '../verify-domain.ts';
import { expectTrueDays } from './expect-true-days.ts';
import { expectTrueHabits } from './expect-true-habits.ts';
import { expectTrueTopics } from './expect-true-topics.ts';
import { dayAway, factsOf } from './recount.ts';

const HISTORY_DAYS = 40;

describe('the numbers of the dashboards', function () {
  this.timeout(120_000);
  let domain: TestDomain;
  before(async () => {
    domain = await openVerifyDomain();
  });
  after(() => domain.close());

  const study = async (userId: string, batches: readonly (readonly HistoryItem[])[]): Promise<void> => {
    for (const batch of batches) await record(domain, { userId, items: batch });
    await updateLearner(domain.app, { userId });
  };

  const expectTrue = async (userId: string, today: string): Promise<void> => {
    const { database } = domain.app;
    const facts = await factsOf(database, userId);
    expect(facts.answers, 'there is something to count').to.not.be.empty;
    const asked = { app: domain.app, userId, today, facts };
    await expectTrueDays(asked);
    await expectTrueTopics(asked);
    await expectTrueHabits(asked);
  };

  it('are those of counting the facts, for any history in any order, asked on any day', async () => {
    const days = fc.integer({ min: 0, max: HISTORY_DAYS + 100 });
    const property = fc.asyncProperty(fc.nat(0x7fffffff), days, async (seed, day) => {
      const userId = idOf('counted learner', seed);
      await study(userId, randomArrival(randomHistory({ seed, startMs, days: HISTORY_DAYS }), { seed }));
      await expectTrue(userId, dayAway(new Date(startMs).toISOString().slice(0, 10), day));
    });
    await fc.assert(property, { numRuns: 10, includeErrorInReport: true });
  });

  it('are those of counting the facts of a simulated learner, before a night and after it', async () => {
    const { userId, items } = simulatedHistory(historyCurriculum, {
      seed: 'numbers',
      end: '2026-01-30',
      days: 60,
      size: 600,
    });
    await study(userId, [items]);
    await expectTrue(userId, '2026-01-30');
    await runNights(domain.app);
    await expectSound(domain, userId);
    await expectTrue(userId, '2026-01-31');
    const query = { userId, today: '2026-01-31', days: 90 };
    const [efficiency, patterns] = [await getEfficiency(domain.app, query), await getPatterns(domain.app, query)];
    expect(efficiency.insufficient, 'there is enough for every figure').to.deep.equal([]);
    expect(patterns.minutes.accuracy.filter((accuracy) => accuracy !== null)).to.not.be.empty;
  });
});
