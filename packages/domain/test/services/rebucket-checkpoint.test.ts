import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { rebucketLearner, runRetention, updateLearner, updateSettings } from '@studyin/domain/services';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { versionsOf } from './learner-rows.ts';
import { boundary, openRetentionDomain, splitHistory, studyAt, today } from './retention-domain.ts';
import type { RetentionDomain } from './retention-domain.ts';
import { expectSound, sql } from './verify-domain.ts';

const settings = { timezone: 'Pacific/Kiritimati', rolloverHour: 3 } as const;
const firstOpenDay = '2024-03-30';
const seeds = [1, 2, 3];
/** Moved between checkpoint and drop. */
const between = [4, 5];
const learner = (seed: number): string => idOf('moved learner with a past', seed);
/** Two sessions in one week of Los Angeles, whose last day the boundary cuts; the second one begins with an event of UTC. */
const western = idOf('western learner', 1);
const westernItems = [
  { eventType: 'session_start', eventId: eventIdAt('2024-03-27T18:00:00Z'), sessionId: idOf('session', 1) },
  {
    eventType: 'session_start',
    eventId: eventIdAt('2024-04-01T02:00:00Z'),
    sessionId: idOf('session', 2),
    timezone: 'UTC',
  },
  { eventType: 'session_end', eventId: eventIdAt('2024-04-01T02:04:00Z'), sessionId: idOf('session', 2) },
].map((input) => ({ input, origin: { clientIp: null, deviceType: null } }));
/** From here on no session and no day reaches back over the boundary. */
const clearFrom = '2024-04-08';

describe('rebucketing a learner whose old months are dropped', function () {
  this.timeout(60_000);
  let domain: RetentionDomain;
  let twin: RetentionDomain;
  const owners = new Map<TestDomain, Database>();
  before(async () => {
    domain = await openRetentionDomain();
    twin = await openRetentionDomain();
    for (const target of [domain, twin]) {
      owners.set(target, connect({ url: target.database.url, applicationName: 'rebucket-test', poolSize: 2 }));
      for (const seed of [...seeds, ...between]) {
        await studyAt(target.past, { userId: learner(seed), items: splitHistory(seed).early });
      }
    }
    await updateSettings(domain.past, { userId: western, timezone: 'America/Los_Angeles' });
    await studyAt(domain.past, { userId: western, items: westernItems });
  });
  after(async () => {
    for (const owner of owners.values()) await owner.close();
    await domain.close();
    await twin.close();
  });

  const rebucket = (target: TestDomain, userId: string, dryRun = false) => {
    const database = owners.get(target) ?? target.app.database;
    return rebucketLearner({ ...target.app, database }, { userId, dryRun });
  };
  const daysOf = (target: TestDomain, userId: string, where: string) =>
    sql(
      target,
      `select 'day' as kind, to_jsonb(d) - 'calculated_at' as row from daily_user_stats d where user_id = $1 and ${where}
      union all
      select 'topic', to_jsonb(d) - 'calculated_at' from topic_daily_stats d where user_id = $1 and ${where}
      order by 1, 2`,
      [userId],
    );

  it('finds the days of a learner with a checkpoint whose facts are still there', async () => {
    const aborting = new AbortController();
    const onProgress = (step: string): void => (step === 'months' ? aborting.abort() : undefined);
    const ended = runRetention(domain.app, { today, onProgress, signal: aborting.signal });
    expect(await ended.catch((error: unknown) => error)).property('name', 'AbortError');
    const [facts] = await sql<{ old: number }>(
      domain,
      `select count(*)::int as old from study_events where created_at < '${boundary}'`,
    );
    expect(facts?.old).greaterThan(100);
    for (const userId of between.map(learner)) {
      await updateSettings(domain.app, { userId, ...settings });
      expect((await rebucket(domain, userId)).movedEvents).greaterThan(5);
      await expectSound(domain, userId);
    }
    await runRetention(domain.app, { today });
    for (const userId of between.map(learner)) await expectSound(domain, userId);
  });

  it('tells the week of the boundary again when its last day is empty now', async () => {
    const weeks = () =>
      sql(domain, `select iso_week as week, sessions from weekly_user_stats where user_id = $1 order by 1`, [western]);
    const days = () => sql(domain, `select stat_date::text as day from daily_user_stats where user_id = $1`, [western]);
    const expected = [
      { week: 13, sessions: 1 },
      { week: 14, sessions: 1 },
    ];
    expect(await weeks()).eql(expected);
    expect(await days()).deep.include({ day: '2024-03-31' });
    await updateSettings(domain.app, { userId: western, timezone: 'UTC' });
    expect(await rebucket(domain, western)).property('movedEvents', 1);
    expect(await days()).not.deep.include({ day: '2024-03-31' });
    expect(await weeks()).eql(expected);
    await expectSound(domain, western);
  });

  it('moves the days from the boundary on, and leaves those before it', async () => {
    for (const seed of seeds) {
      const userId = learner(seed);
      const { late } = splitHistory(seed);
      const old = await daysOf(domain, userId, `stat_date < '${firstOpenDay}'`);
      expect(old).not.empty;

      for (const target of [domain, twin]) await updateSettings(target.app, { userId, ...settings });
      const planned = await rebucket(domain, userId, true);
      const [stored] = await sql<{ events: number }>(
        domain,
        `select count(*)::int as events from study_events where user_id = $1 and created_at >= '${boundary}'`,
        [userId],
      );
      expect(planned).property('events', stored?.events);
      expect(planned.movedEvents).greaterThan(5);
      expect(await rebucket(domain, userId)).eql(planned);
      await rebucket(twin, userId);
      await expectSound(domain, userId);
      expect(await daysOf(domain, userId, `stat_date < '${firstOpenDay}'`)).eql(old);
      const clear = `stat_date >= '${clearFrom}'`;
      const expected = await daysOf(twin, userId, clear);
      expect(expected).not.empty;
      expect(await daysOf(domain, userId, clear)).eql(expected);

      const versions = await versionsOf(domain, userId);
      expect(await rebucket(domain, userId)).include({ movedEvents: 0, movedAttempts: 0 });
      await updateLearner(domain.app, { userId });
      expect(await versionsOf(domain, userId)).eql(versions);
      for (const target of [domain, twin]) await studyAt(target.app, { userId, items: late });
      await expectSound(domain, userId);
    }
  });
});
