import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import { installQueues, updateLearnerJob } from '@studyin/domain/jobs';
import { updateLearner } from '@studyin/domain/services';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { asAdmin } from '@studyin/testkit/test-server';
import type { Env } from '@studyin/settings/read-settings';
import { waitFor } from '@studyin/testkit/wait-for';
import {
  addTopic,
  answer,
  endProcess,
  listDerived,
  listStale,
  recordOneByOne,
  spawnWorker,
  sql,
  startTestWorker,
  untilIdle,
} from './worker-domain.ts';

const LEARNERS = 6;
const answers = Array.from({ length: 240 }, (_, n) => answer(n % LEARNERS, Math.floor(n / LEARNERS)));

describe('a worker', function () {
  this.timeout(60_000);
  let domain: TestDomain;

  beforeEach(async () => {
    domain = await openTestDomain();
    await addTopic(domain);
  });
  afterEach(() => domain.close());

  /** What a queue's own clock would do half a minute later with jobs whose worker is dead. */
  const forgetHeartbeats = () =>
    sql(domain, `update pgboss.job set heartbeat_on = heartbeat_on - interval '5 minutes' where state = 'active'`);

  const hasWorked = async () => (await sql(domain, `select from learner_progress limit 1`)).length > 0;

  /** A worker in this process for as long as there is work. */
  const workUntilIdle = async (settings: Env = {}): Promise<void> => {
    const worker = await startTestWorker(domain, settings);
    try {
      await untilIdle(domain, 30_000);
    } finally {
      await worker.stop();
    }
  };

  it('killed in the middle of its work and started again ends in the rows of one that was never killed', async () => {
    const quiet = await openTestDomain();
    try {
      await addTopic(quiet);
      await recordOneByOne(quiet, answers);
      for (let user = 0; user < LEARNERS; user += 1) await updateLearner(quiet.app, { userId: idOf('user', user) });
      const half = answers.length / 2;
      for (const part of [answers.slice(0, half), answers.slice(half)]) {
        const worker = await spawnWorker(domain);
        const writing = recordOneByOne(domain, part);
        await waitFor(hasWorked);
        await endProcess(worker, 'SIGKILL');
        await writing;
      }
      await forgetHeartbeats();
      await workUntilIdle();
      expect(await listStale(domain)).eql([]);
      expect(await listDerived(domain)).eql(await listDerived(quiet));
    } finally {
      await quiet.close();
    }
  });

  it('gives up a poison job alone: it reaches the dead letters, all others are worked', async () => {
    const queue = { ...updateLearnerJob.queue, retryLimit: 1 };
    await installQueues({ url: domain.database.url, contracts: [{ ...updateLearnerJob, queue }] });
    await recordOneByOne(domain, answers.slice(0, 30));
    await domain.app.jobs.boss.send(updateLearnerJob.name, { userId: 'poison' }, { singletonKey: 'poison' });
    await recordOneByOne(domain, answers.slice(30, 60));
    await workUntilIdle();
    const dead = await sql(domain, `select data from pgboss.job where name = $1`, [updateLearnerJob.queue.deadLetter]);
    expect(dead).eql([{ data: { userId: 'poison' } }]);
    expect(await listStale(domain)).eql([]);
  });

  it('brings learners whose jobs wait up to date in one transaction', async () => {
    await recordOneByOne(domain, answers.slice(0, LEARNERS));
    await workUntilIdle({ STUDYIN_WORKER_CONCURRENCY: '1' }); // two lanes may each claim some of them
    expect(await listStale(domain)).eql([]);
    expect(await sql(domain, `select distinct xmin::text from learner_progress`)).length(1);
  });

  it('a learner who cannot be updated keeps none of those whose jobs were claimed with theirs', async () => {
    const [broken, ...others] = Array.from({ length: LEARNERS }, (_, user) => idOf('user', user));
    const refused = `create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`;
    const when = `when (new.user_id = '${broken}') execute function refuse()`;
    const owner = connect({ url: domain.database.url, applicationName: 'worker-test', poolSize: 1 });
    try {
      await owner.sequelize.query(refused);
      await owner.sequelize.query(`create trigger refused before insert on topic_mastery for each row ${when}`);
      await recordOneByOne(domain, answers.slice(0, LEARNERS));
      const worker = await startTestWorker(domain);
      try {
        await waitFor(async () => (await sql(domain, `select from learner_progress`)).length === others.length);
        expect(await listStale(domain)).length(1);
        await owner.sequelize.query(`drop trigger refused on topic_mastery`);
        await untilIdle(domain);
      } finally {
        await worker.stop();
      }
    } finally {
      await owner.close();
    }
    expect(await listStale(domain)).eql([]);
  });

  it('saves nothing when the job is no longer its own', async () => {
    await recordOneByOne(domain, answers.slice(0, 6));
    const { app } = domain;
    const refused = updateLearner(app, { userId: idOf('user', 0) }, () => Promise.reject(new Error('lost the job')));
    expect(await refused.catch((error: unknown) => error)).property('message', 'lost the job');
    expect(await sql(domain, `select from topic_mastery`)).eql([]);
    expect(await sql(domain, `select from learner_progress`)).eql([]);
    expect(await sql(domain, `select from dirty_days where user_id = $1`, [idOf('user', 0)])).length(1);
  });

  it('goes on by itself when all its connections were cut', async () => {
    const worker = await startTestWorker(domain);
    try {
      await recordOneByOne(domain, answers.slice(0, 12));
      await untilIdle(domain);
      // Only the owner may cut them.
      await asAdmin((client) =>
        client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like 'studyin-worker%'`,
          [domain.database.name],
        ),
      );
      await recordOneByOne(domain, answers.slice(12, 24));
      await untilIdle(domain);
      expect(await listStale(domain)).eql([]);
    } finally {
      await worker.stop();
    }
  });

  it('makes the months ahead when its schedule sends the job', async () => {
    const worker = await startTestWorker(domain);
    try {
      expect(await domain.app.jobs.boss.getSchedules('ensure-partitions')).length(1);
      const id = await domain.app.jobs.boss.send('ensure-partitions', {});
      await waitFor(
        async () =>
          (await sql<{ state: string }>(domain, `select state from pgboss.job where id = $1`, [id]))[0]?.state ===
          'completed',
      );
    } finally {
      await worker.stop();
    }
  });

  it('ends within ten seconds of SIGTERM and finishes the jobs at hand', async () => {
    const worker = await spawnWorker(domain);
    await recordOneByOne(domain, answers.slice(0, 60));
    await sleep(50);
    const began = performance.now();
    expect(await endProcess(worker, 'SIGTERM')).equal(0);
    expect(performance.now() - began).lessThan(10_000);
    const retried = await sql(domain, `select from pgboss.job where retry_count > 0 or state in ('active', 'retry')`);
    expect(retried).eql([]);
  });
});
