import { expect } from 'chai';
import { findBacklog, refoldLearnersJob } from '@studyin/domain/jobs';
import { activateModel, recordEvents, updateLearner, verify } from '@studyin/domain/services';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { addTopic, answer, endProcess, spawnWorker, sql, startTestWorker, untilIdle } from './worker-domain.ts';

const LEARNERS = 120;
const KILLS = 2;
const coefficients = { question: [0, 1, 1, 1, 0, 0, 0, 0, 0, 0], topic: [0.3, 0.9, 0.8, 0.7, 1.1, -0.5, -0.1] };

describe('a worker that moves learners to another version of the mastery model', function () {
  this.timeout(60_000);
  let domain: TestDomain;
  before(async () => {
    domain = await openTestDomain();
    await addTopic(domain);
    await record(0, 5);
    for (let user = 0; user < LEARNERS; user += 1) await updateLearner(domain.app, { userId: idOf('user', user) });
    for (const version of [1, 2]) {
      await sql(
        domain,
        `insert into mastery_models (version, answers, p0_right, p0_total, coefficients) values ($1, 0, $2, 100, $3::jsonb)`,
        [version, 50 + 10 * version, JSON.stringify(coefficients)],
      );
    }
  });
  after(() => domain.close());

  /** The answers from the n-th on of every learner. */
  const record = async (from: number, to: number): Promise<void> => {
    const items = Array.from({ length: LEARNERS }, (_, user) =>
      Array.from({ length: to - from }, (_, n) => ({
        ...answer(user, from + n),
        origin: { clientIp: null, deviceType: null },
      })),
    ).flat();
    const { results } = await recordEvents(domain.app, items);
    expect(results.filter(({ status }) => status !== 'accepted')).eql([]);
  };
  const countMoved = async (version = 1): Promise<number> => {
    const [row] = await sql<{ moved: number }>(
      domain,
      `select count(*)::int as moved from learner_progress where model_version = $1`,
      [version],
    );
    return row?.moved ?? 0;
  };
  /** What a queue's own clock would do half a minute later with jobs whose worker is silent. */
  const forgetHeartbeats = (): Promise<unknown> =>
    sql(domain, `update pgboss.job set heartbeat_on = heartbeat_on - interval '5 minutes' where state = 'active'`);
  /** Nobody moves the learners from the n-th on until they are let go, however long this process stands still. */
  const holdFrom = async (n: number): Promise<() => Promise<void>> => {
    const transaction = await domain.app.database.sequelize.transaction();
    const { sequelize } = domain.app.database;
    await sequelize.query(`set local idle_in_transaction_session_timeout = 0`, { transaction });
    const text = `select from learners where user_id >= $1 order by user_id for update`;
    await sequelize.query(text, { bind: [idOf('user', n)], transaction });
    return () => transaction.rollback();
  };
  const untilRefolded = (): Promise<unknown> =>
    waitFor(
      async () => {
        const { waiting, active } = await findBacklog(domain.app.database.reader, refoldLearnersJob);
        return waiting + active === 0;
      },
      { what: 'all learners moved', timeoutMs: 30_000 },
    );

  it('ends with all of them there, though it was killed on the way and answers came in', async () => {
    await activateModel(domain.app, 1);
    const seen: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = await countMoved();
      const letGo = await holdFrom((kill + 1) * 40);
      const worker = await spawnWorker(domain);
      await waitFor(async () => (await countMoved()) > before, { timeoutMs: 20_000 });
      await endProcess(worker, 'SIGKILL');
      await letGo();
      seen.push(await countMoved());
      await record(5 + kill, 6 + kill);
      await forgetHeartbeats();
    }
    expect(seen[0]).within(1, LEARNERS - 1);
    const worker = await startTestWorker(domain);
    try {
      await untilRefolded();
      await untilIdle(domain, 30_000);
    } finally {
      await worker.stop();
    }
    expect(await countMoved()).equal(LEARNERS);
    expect(
      await sql(
        domain,
        `select from topic_mastery where calculation_version <> 2 or mastery_score is distinct from score_v2`,
      ),
    ).eql([]);
    const { ok, checked, invariants } = await verify(domain.app);
    expect(ok, invariants.flatMap(({ examples }) => examples).join('\n')).equal(true);
    expect(checked).include({ learners: LEARNERS, attempts: LEARNERS * (5 + KILLS), pending: 0 });
  });

  it('does nothing twice when one that was taken for dead wakes up beside its successor', async () => {
    const jobs = (): Promise<readonly object[]> =>
      sql(
        domain,
        `select state, retry_count > 0 as again from pgboss.job where name = $1 and (data->>'version')::int = 2`,
        [refoldLearnersJob.name],
      );
    await activateModel(domain.app, 2);
    const letGo = await holdFrom(LEARNERS - 1);
    const sleeper = await spawnWorker(domain);
    await waitFor(async () => (await countMoved(2)) > 0, { timeoutMs: 20_000 });
    sleeper.kill('SIGSTOP');
    const moved = await countMoved(2);
    await forgetHeartbeats();
    const worker = await startTestWorker(domain);
    try {
      await waitFor(async () => JSON.stringify(await jobs()) === '[{"state":"active","again":true}]', {
        timeoutMs: 20_000,
      });
      await letGo();
      sleeper.kill('SIGCONT');
      await untilRefolded();
      await untilIdle(domain, 30_000);
      expect(await jobs()).eql([{ state: 'completed', again: true }]);
    } finally {
      sleeper.kill('SIGCONT');
      await endProcess(sleeper, 'SIGTERM');
      await worker.stop();
    }
    expect(moved).within(1, LEARNERS - 1);
    expect(await countMoved(2)).equal(LEARNERS);
    const { ok, checked, invariants } = await verify(domain.app);
    expect(ok, invariants.flatMap(({ examples }) => examples).join('\n')).equal(true);
    expect(checked).include({ learners: LEARNERS, attempts: LEARNERS * (5 + KILLS), pending: 0 });
  });
});
