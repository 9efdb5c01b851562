import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import {
  createApp,
  rebucketLearner,
  rebucketLearners,
  runNights,
  updateLearner,
  updateSettings,
} from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { randomHistory } from '@studyin/testkit/random-history';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { rowsOfLearners, versionsOf } from './learner-rows.ts';
import { expectSound, openVerifyDomain, record, sql, startMs, study } from './verify-domain.ts';

const settings = { timezone: 'America/Los_Angeles', rolloverHour: 4 } as const;

describe('rebucketing', () => {
  let domain: TestDomain;
  let other: TestDomain;
  let owner: Database;
  let asOwner: App;
  before(async () => {
    domain = await openVerifyDomain();
    other = await openVerifyDomain();
    owner = connect({ url: domain.database.url, applicationName: 'studyin-test', poolSize: 2 });
    asOwner = createApp({ ...domain.app, database: owner });
  });
  after(async () => {
    await owner.close();
    await domain.close();
    await other.close();
  });

  it('ends in the rows of a learner who had these settings from the beginning', async () => {
    const userIds = [1, 2, 3].map((n) => idOf('moved learner', n));
    for (const [n, userId] of userIds.entries()) {
      await study(domain, { userId, seed: n });
      await updateSettings(domain.app, { userId, ...settings });
      const { events, movedEvents, movedAttempts } = await rebucketLearner(asOwner, { userId });
      expect(movedEvents).within(2, events);
      expect(movedAttempts).within(1, movedEvents);
      await expectSound(domain, userId);
      await updateSettings(other.app, { userId, ...settings });
      await study(other, { userId, seed: n });
    }
    expect(await rowsOfLearners(domain, userIds)).eql(await rowsOfLearners(other, userIds));
  });

  it('takes in what was waiting for the worker', async () => {
    const userId = idOf('waiting learner', 1);
    await study(domain, { userId, seed: 11 });
    await record(domain, { userId, items: randomHistory({ seed: 12, startMs }) });
    await updateSettings(domain.app, { userId, rolloverHour: 5 });
    await rebucketLearner(asOwner, { userId });
    await expectSound(domain, userId);
  });

  it('says what would move and moves nothing on a dry run, and writes nothing the second time', async () => {
    const userId = idOf('dry learner', 1);
    await study(domain, { userId, seed: 13 });
    await updateSettings(domain.app, { userId, ...settings });
    const before = await versionsOf(domain, userId);
    const planned = await rebucketLearner(asOwner, { userId, dryRun: true });
    expect(planned.movedEvents).greaterThan(0);
    expect(await versionsOf(domain, userId)).eql(before);
    expect(await rebucketLearner(asOwner, { userId })).eql(planned);
    const after = await versionsOf(domain, userId);
    expect(after).not.eql(before);
    expect(await rebucketLearner(asOwner, { userId })).eql({ ...planned, movedEvents: 0, movedAttempts: 0 });
    expect(await versionsOf(domain, userId)).eql(after);
    await updateLearner(domain.app, { userId });
    expect(await versionsOf(domain, userId)).eql(after);
  });

  it('keeps the goal that a day was first computed under', async () => {
    const userId = idOf('diligent learner', 1);
    await updateSettings(domain.app, { userId, dailyGoalMinutes: 45 });
    await study(domain, { userId, seed: 14 });
    const goals = (): Promise<readonly { day: string; goal: number }[]> =>
      sql(domain, `select stat_date::text as day, goal_minutes as goal from daily_user_stats where user_id = $1`, [
        userId,
      ]);
    const before = new Set((await goals()).map(({ day }) => day));
    await updateSettings(domain.app, { userId, ...settings, dailyGoalMinutes: 10 });
    await rebucketLearner(asOwner, { userId });
    const after = await goals();
    expect(after.some(({ day }) => before.has(day))).equal(true);
    for (const { day, goal } of after) expect(goal, day).equal(before.has(day) ? 45 : 10);
    await expectSound(domain, userId);
  });

  it('keeps the night that was applied', async () => {
    const userId = idOf('night learner', 1);
    await study(domain, { userId, seed: 16 });
    await runNights(domain.app, { asOf: '2026-01-30' });
    await updateSettings(domain.app, { userId, ...settings });
    await rebucketLearner(asOwner, { userId });
    await expectSound(domain, userId);
    const [progress] = await sql(domain, `select night::text from learner_progress where user_id = $1`, [userId]);
    expect(progress).eql({ night: '2026-01-30' });
  });

  it('is not for the runtime role: to it facts are immutable', async () => {
    const userId = idOf('guarded learner', 1);
    await study(domain, { userId, seed: 15 });
    await updateSettings(domain.app, { userId, ...settings });
    const refused = await rebucketLearner(domain.app, { userId }).catch((error: unknown) => error);
    expect(refused).property('code', '42501');
    await expectSound(domain, userId);
  });

  it('of all learners counts those who moved, and knows no stranger', async () => {
    const stranger = await rebucketLearner(asOwner, { userId: idOf('stranger', 1) });
    expect(stranger).eql({ events: 0, movedEvents: 0, movedAttempts: 0 });
    const seen: number[] = [];
    const planned = await rebucketLearners(asOwner, { dryRun: true, onProgress: (learners) => seen.push(learners) });
    expect(planned).include({ learners: 8, movedLearners: 1 });
    expect(seen).eql([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await rebucketLearners(asOwner)).eql(planned);
    expect(await rebucketLearners(asOwner)).include({ learners: 8, movedLearners: 0, movedEvents: 0 });
  });
});
