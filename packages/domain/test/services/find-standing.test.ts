import { expect } from 'chai';
import { jobContracts, updateLearnerJob } from '@studyin/domain/jobs';
import { findStanding } from '@studyin/domain/services';
import type { Standing } from '@studyin/domain/services';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';

describe('the standing', () => {
  let domain: TestDomain;
  beforeEach(async () => {
    domain = await openTestDomain({ fixedAt: new Date('2026-03-10T12:00:00Z') });
  });
  afterEach(() => domain.close());

  const run = (text: string, bind: unknown[] = []) => domain.app.database.sequelize.query(text, { bind });
  const lagOf = ({ tables }: Standing, table: string): number | undefined =>
    tables.find((one) => one.table === table)?.seconds;
  const addJob = (queue: string, state: string, ageSeconds: number) =>
    run(
      `insert into pgboss.job (name, data, state, created_on) values ($1, '{}', $2::pgboss.job_state, now() - make_interval(secs => $3))`,
      [queue, state, ageSeconds],
    );

  it('is all zero in a fresh database, with every queue and every derived table named', async () => {
    const standing = await findStanding(domain.app);
    expect(standing.queues.map(({ queue }) => queue)).to.deep.equal(jobContracts.map(({ name }) => name).sort());
    expect(
      new Set(
        standing.queues.flatMap(({ waiting, active, dead, oldestSeconds }) => [waiting, active, dead, oldestSeconds]),
      ),
    ).to.deep.equal(new Set([0]));
    expect(new Set(standing.tables.map(({ seconds }) => seconds))).to.deep.equal(new Set([0]));
    expect(standing.quarantine).to.deep.equal([]);
    const [rows] = await run(`select calculated from (
      select table_name as calculated from information_schema.columns
      where table_schema = 'public' and column_name = 'calculated_at' and table_name not like 'mastery_model%') as t`);
    const tables = new Set(standing.tables.map(({ table }) => table));
    for (const { calculated } of rows as { readonly calculated: string }[]) expect(tables).to.include(calculated);
  });

  it('counts jobs by queue, and the age of the oldest is the lag of what they change', async () => {
    const { name, queue } = updateLearnerJob;
    await addJob(name, 'created', 50);
    await addJob(name, 'retry', 90);
    await addJob(name, 'active', 20);
    await addJob(name, 'completed', 500);
    await addJob(queue.deadLetter, 'created', 4_000);
    const standing = await findStanding(domain.app);
    const found = standing.queues.find((one) => one.queue === name);
    expect(found).to.include({ waiting: 2, active: 1, dead: 1 });
    expect(found?.oldestSeconds).to.be.within(90, 100);
    expect(lagOf(standing, 'topic_mastery')).to.be.within(90, 100);
    expect(lagOf(standing, 'daily_user_stats'), 'no day is dirty').to.equal(0);
    expect(lagOf(standing, 'peer_distributions')).to.equal(0);
  });

  it('has a lag of days only while one is dirty', async () => {
    await addJob(updateLearnerJob.name, 'created', 30);
    await run(`insert into dirty_days (user_id, study_day) values ($1, '2026-03-09')`, [idOf('user', 1)]);
    expect(lagOf(await findStanding(domain.app), 'weekly_user_stats')).to.be.within(30, 40);
  });

  it('counts a missed night as days of lag of the tables that its step writes', async () => {
    await run(`insert into batch_runs (step, watermark) values ('mastery', '2026-03-07'), ('peers', '2026-03-09')
      on conflict (step) do update set watermark = excluded.watermark`);
    const standing = await findStanding(domain.app);
    expect(lagOf(standing, 'topic_mastery')).to.equal(2 * 86_400);
    expect(lagOf(standing, 'question_progress')).to.equal(0);
    expect(lagOf(standing, 'peer_distributions')).to.equal(0);
    expect(lagOf(standing, 'question_statistics'), 'a step that never ran').to.equal(86_400);
  });

  it('counts the quarantine by reason', async () => {
    await run(`insert into rejected_events (reason) values ('pii'), ('invalid'), ('pii')`);
    expect((await findStanding(domain.app)).quarantine).to.deep.equal([
      { reason: 'invalid', items: 1 },
      { reason: 'pii', items: 2 },
    ]);
  });
});
