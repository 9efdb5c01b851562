import { expect } from 'chai';
import { addDays } from '@studyin/domain/algorithms';
import { connect } from '@studyin/domain/database';
import { nightlyChunkJob } from '@studyin/domain/jobs';
import { findNightLag, planNights, runNightChunk, runNights } from '@studyin/domain/services';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { idOf } from '@studyin/testkit/test-domain';
import { openVerifyDomain, record, sql, startMs } from '../verify-domain.ts';
import { randomHistory } from '@studyin/testkit/random-history';
import { followQueue, learners, nightRows, studyAll, watermarks } from './night-domain.ts';

// The domain's clock stands on the first of February.
const LAST_NIGHT = '2026-01-31';

describe('nights that were missed', () => {
  let domain: TestDomain;
  let quiet: TestDomain;
  beforeEach(async () => {
    domain = await openVerifyDomain();
    quiet = await openVerifyDomain();
    await studyAll(domain);
    await studyAll(quiet);
  });
  afterEach(async () => {
    await domain.close();
    await quiet.close();
  });

  it('five of them, are made up for by the queue alone, and end as if each had been done in its time', async () => {
    for (let day = '2026-01-26'; day <= LAST_NIGHT; day = addDays(day, 1)) await runNights(quiet.app, { asOf: day });
    await runNights(domain.app, { asOf: '2026-01-26' });
    const lags = (await findNightLag(domain.app)).map(({ lagDays }) => lagDays);
    expect(lags.length).greaterThan(5);
    expect(new Set(lags)).eql(new Set([5]));

    expect(await followQueue(domain)).eql([
      'verify-sample 2026-01-27',
      'verify-sample 2026-01-28',
      'verify-sample 2026-01-29',
      'verify-sample 2026-01-30',
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
    expect(await nightRows(domain, LAST_NIGHT)).eql(await nightRows(quiet, LAST_NIGHT));
    expect(await watermarks(domain)).eql(await watermarks(quiet));
    expect((await findNightLag(domain.app)).every(({ lagDays }) => lagDays === 0)).equal(true);
    expect(await sql(domain, `select from batch_chunks`)).eql([]);
    expect(await followQueue(domain)).eql([]);
  });

  it('bring along those whose job was lost', async () => {
    const userId = idOf('forgotten learner', 1);
    for (const target of [domain, quiet]) await record(target, { userId, items: randomHistory({ seed: 9, startMs }) });
    await sql(domain, `delete from pgboss.job where name = 'update-learner'`);
    const [report] = await runNights(domain.app);
    expect(report).include({ step: 'daily-stats', rows: 1 });
    const [row] = await sql(domain, `select count(*)::int as topics from topic_mastery where user_id = $1`, [userId]);
    expect(row).property('topics').greaterThan(0);
  });

  it('a learner who cannot be updated does not keep from all others', async () => {
    const [first = '', second = ''] = learners;
    const owner = connect({ url: domain.database.url, applicationName: 'night-test', poolSize: 1 });
    try {
      for (const [n, userId] of [first, second].entries()) {
        await record(domain, { userId, items: randomHistory({ seed: 90 + n, startMs }) });
      }
      await forbid({ owner, table: 'weekly_user_stats', userId: first });
      const [report] = await runNights(domain.app);
      expect(report).include({ step: 'daily-stats', rows: 1 });
      expect(await sql(domain, `select distinct user_id from dirty_days`)).eql([{ user_id: first }]);
    } finally {
      await owner.close();
    }
  });

  it('a night that fails in the middle goes on where it stood', async () => {
    const owner = connect({ url: domain.database.url, applicationName: 'night-test', poolSize: 1 });
    try {
      await runNights(quiet.app);
      await forbid({ owner, table: 'topic_mastery', userId: learners[3] ?? '' });
      const options = { learnersAChunk: 1, concurrency: 1 };
      expect(await runNights(domain.app, options).catch((error: unknown) => error)).instanceOf(Error);
      const nights = `select count(night)::int as moved from learner_progress`;
      expect(await sql(domain, nights)).eql([{ moved: 3 }]);
      expect(await watermarks(domain)).include({ 'daily-stats': LAST_NIGHT, mastery: null });
      await sql({ app: { database: owner } }, `drop trigger forbidden on topic_mastery`);
      const reports = await runNights(domain.app);
      // Only what was left: two of five chunks.
      expect(reports.find(({ step }) => step === 'mastery')).include({ chunks: 2 });
      expect(await nightRows(domain, LAST_NIGHT)).eql(await nightRows(quiet, LAST_NIGHT));
      expect(await watermarks(domain)).eql(await watermarks(quiet));
    } finally {
      await owner.close();
    }
  });

  it('a chunk that is run by two at once, or again when it is done, is done once', async () => {
    await planNights(domain.app);
    const [job] = await sql<{ data: Parameters<typeof runNightChunk>[1] }>(
      domain,
      `select data from pgboss.job where name = $1`,
      [nightlyChunkJob.name],
    );
    const chunk = job?.data;
    if (chunk === undefined) throw new Error('nothing was planned');
    const both = await Promise.all([runNightChunk(domain.app, chunk), runNightChunk(domain.app, chunk)]);
    expect(both.filter(({ isStepDone }) => isStepDone)).length(1);
    expect(await runNightChunk(domain.app, chunk)).include({ rows: 0, isStepDone: false });
    expect(await sql(domain, `select from batch_chunks where step = $1`, [chunk.step])).eql([]);
    const strange = runNightChunk(domain.app, { ...chunk, step: 'astrology' });
    expect(await strange).include({ rows: 0, isStepDone: false });
  });
});

type Forbidden = { readonly owner: ReturnType<typeof connect>; readonly table: string; readonly userId: string };

/** Lets every write of a learner's rows in a table fail. */
async function forbid({ owner, table, userId }: Forbidden): Promise<void> {
  const run = (text: string) => sql({ app: { database: owner } }, text);
  await run(
    `create function forbid() returns trigger language plpgsql as $$ begin raise exception 'forbidden'; end $$`,
  );
  await run(
    `create trigger forbidden before insert or update on ${table} for each row
    when (new.user_id = '${userId}') execute function forbid()`,
  );
}
