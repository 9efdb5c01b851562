import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import type { Database, Tx } from '@studyin/domain/database';
import {
  createJobs,
  enqueue,
  installQueues,
  jobContracts,
  refoldLearnersJob,
  updateLearnerJob,
} from '@studyin/domain/jobs';
import type { ClaimedJob, Jobs } from '@studyin/domain/jobs';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { idOf } from '@studyin/testkit/test-domain';

describe('queues', () => {
  const testDatabase = useTestDatabase();
  let database: Database;
  let jobs: Jobs;

  before(async () => {
    const { url } = testDatabase();
    database = connect({ url, role: 'studyin_runtime', applicationName: 'studyin-test' });
    jobs = createJobs({
      url,
      role: 'studyin_runtime',
      applicationName: 'studyin-test-jobs',
      mode: 'send',
      onError: () => undefined,
    });
    await jobs.start();
  });
  after(async () => {
    await jobs.stop(1_000);
    await database.close();
  });

  const sql = async (text: string, bind: unknown[] = []): Promise<unknown[]> =>
    (await database.sequelize.query(text, { bind }))[0];
  const send = (userIds: readonly string[]): Promise<void> =>
    database.transaction((tx) =>
      enqueue(jobs, tx, { job: updateLearnerJob, payloads: userIds.map((userId) => ({ userId })) }),
    );

  it('are installed from their contracts: heartbeat, back-off, dead letters that stay', async () => {
    for (const { name, queue } of jobContracts) {
      const installed = await jobs.boss.getQueue(name);
      expect(installed).include({
        policy: queue.policy,
        heartbeatSeconds: name === refoldLearnersJob.name ? 10 : 30,
        retryBackoff: true,
        retryLimit: 5,
        deadLetter: queue.deadLetter,
        notify: true,
      });
      expect(await jobs.boss.getQueue(queue.deadLetter)).include({ deleteAfterSeconds: 0 });
    }
  });

  it('take changed options, and refuse a changed policy by name', async () => {
    const { url } = testDatabase();
    const changed = { ...updateLearnerJob, queue: { ...updateLearnerJob.queue, retryLimit: 7 } };
    await installQueues({ url, contracts: [changed] });
    expect(await jobs.boss.getQueue('update-learner')).include({ retryLimit: 7 });
    await installQueues({ url });
    expect(await jobs.boss.getQueue('update-learner')).include({ retryLimit: 5 });
    const other = { ...updateLearnerJob, queue: { ...updateLearnerJob.queue, policy: 'standard' } };
    const error = await installQueues({ url, contracts: [other] }).catch((problem: unknown) => problem);
    expect(error)
      .property('message')
      .matches(/update-learner has the policy "short", this release needs "standard"/);
  });

  it('hold one queued job a learner, however many transactions send it', async () => {
    await send([idOf('user', 1), idOf('user', 2)]);
    await send([idOf('user', 1)]);
    expect(await sql(`select count(*)::int as n from pgboss.job where name = 'update-learner'`)).eql([{ n: 2 }]);
  });

  it('do not get a job of a transaction that was undone', async () => {
    const undone = database.transaction(async (tx) => {
      await enqueue(jobs, tx, { job: updateLearnerJob, payloads: [{ userId: idOf('user', 3) }] });
      throw new Error('undone');
    });
    expect(await undone.catch((error: unknown) => error)).property('message', 'undone');
    expect(await sql(`select count(*)::int as n from pgboss.job where data ->> 'userId' = $1`, [idOf('user', 3)])).eql([
      { n: 0 },
    ]);
  });

  /** What a worker does with a job it has claimed: the effect, and in the same transaction the end of the job. */
  const touch = (userId: string, end: (tx: Tx) => Promise<void>): Promise<void> =>
    database.transaction(async (tx) => {
      await tx.query(
        {
          name: 'test.touch_learner',
          text: 'insert into learners (user_id) values ($1) on conflict (user_id) do update set watermark = learners.watermark + 1',
        },
        [userId],
      );
      await end(tx);
    });
  const claim = async (userId: string): Promise<ClaimedJob<{ userId: string }>> => {
    const claimed = await jobs.boss.fetch<{ userId: string }>('update-learner', { batchSize: 10 });
    const job = claimed.find(({ data }) => data.userId === userId);
    if (job === undefined) throw new Error('the job that was sent was not fetched');
    return job;
  };
  const messageOf = (call: Promise<void>): Promise<string> =>
    call.then(
      () => 'none',
      (error: unknown) => (error as Error).message,
    );

  it('complete a job in the transaction of its effect, and undo the effect when the claim is gone', async () => {
    const userId = idOf('user', 4);
    await send([userId]);
    const job = await claim(userId);
    const settle = (): Promise<void> => touch(userId, (tx) => jobs.complete(tx, updateLearnerJob, job));
    await settle();
    expect(await sql(`select state from pgboss.job where id = $1`, [job.id])).eql([{ state: 'completed' }]);
    expect(await messageOf(settle())).matches(/no longer held/);
    expect(await sql(`select watermark::int from learners where user_id = $1`, [userId])).eql([{ watermark: 0 }]);
  });

  /** A worker is frozen past its heartbeat; its job is claimed by another. */
  async function claimTwice(userId: string): Promise<Record<'frozen' | 'taken', ClaimedJob<{ userId: string }>>> {
    await send([userId]);
    const frozen = await claim(userId);
    await sql(`update pgboss.job set heartbeat_on = heartbeat_on - interval '5 minutes' where id = $1`, [frozen.id]);
    // Else it is looked after every five seconds only.
    await sql(`update pgboss.queue set monitor_claim_on = null, monitor_on = null where name = 'update-learner'`);
    await jobs.boss.supervise('update-learner');
    await sql(`update pgboss.job set start_after = now() where id = $1`, [frozen.id]); // its back-off is over
    const taken = await claim(userId);
    expect(taken.id).equal(frozen.id);
    return { frozen, taken };
  }
  const statesOf = ({ id }: ClaimedJob<object>): Promise<unknown[]> =>
    sql(`select state from pgboss.job where id = $1`, [id]);

  async function expectFenced(end: 'complete' | 'remove', left: readonly object[]): Promise<void> {
    const userId = idOf(end, 1);
    const { frozen, taken } = await claimTwice(userId);
    expect(await messageOf(touch(userId, (tx) => jobs[end](tx, updateLearnerJob, frozen)))).matches(/no longer held/);
    expect(await sql(`select from learners where user_id = $1`, [userId])).eql([]);
    expect(await statesOf(taken)).eql([{ state: 'active' }]);

    await touch(userId, (tx) => jobs[end](tx, updateLearnerJob, taken));
    expect(await statesOf(taken)).eql(left);
    expect(await sql(`select from learners where user_id = $1`, [userId])).length(1);
  }

  it('let a frozen worker complete no job that another has claimed, and undo what it did', () =>
    expectFenced('complete', [{ state: 'completed' }]));

  it('let a frozen worker delete no job that another has claimed, and undo what it did', () =>
    expectFenced('remove', []));
});
