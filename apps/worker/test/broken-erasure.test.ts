import { expect } from 'chai';
import { connectEraser } from '@studyin/domain/database';
import { finishErasuresJob } from '@studyin/domain/jobs';
import { eraseLearner } from '@studyin/domain/services';
import { findResidue } from '@studyin/testkit/find-residue';
import { idOf, openTestDomain, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { addTopic, answer, recordOneByOne, sql, startTestWorker, untilIdle } from './worker-domain.ts';

describe('a worker and an erasure that was broken off', function () {
  this.timeout(60_000);
  let domain: TestDomain;
  before(async () => {
    domain = await openTestDomain();
    await addTopic(domain);
    await recordOneByOne(domain, [answer(1, 0), answer(1, 1), answer(2, 0), answer(2, 1)]);
  });
  after(() => domain.close());

  it('finishes it on a schedule, and leaves everybody else alone', async () => {
    const [gone, stays] = [idOf('user', 1), idOf('user', 2)];
    const database = connectEraser({
      url: domain.database.url,
      role: 'studyin_runtime',
      applicationName: 'studyin-test-eraser',
    });
    const onStep = (table: string): void => {
      if (table === 'question_attempts') throw new Error('the process is gone');
    };
    const broken = await eraseLearner(
      { database, keys: testKeys },
      { userId: gone, actor: null, reason: null },
      { onStep },
    ).catch((error: unknown) => error);
    await database.close();
    expect(broken).to.have.property('message', 'the process is gone');
    expect(await findResidue(domain.database.url, [gone])).to.have.length.greaterThan(2);
    const worker = await startTestWorker(domain);
    try {
      const [schedule] = await domain.app.jobs.boss.getSchedules(finishErasuresJob.name);
      expect(schedule?.cron).to.equal('*/10 * * * *');
      // what the schedule sends
      await domain.app.jobs.boss.send(finishErasuresJob.name, {});
      await waitFor(async () => (await findResidue(domain.database.url, [gone])).length === 0, {
        what: 'the end of the erasure',
        timeoutMs: 15_000,
      });
      await untilIdle(domain);
    } finally {
      await worker.stop();
    }
    const [tombstone] = await sql<{ finished: boolean; hashed: boolean; answers: number }>(
      domain,
      `select finished_at is not null as finished, hash is not null as hashed,
        (counts->>'question_attempts')::int as answers
      from erased_learners`,
    );
    expect(tombstone).to.deep.equal({ finished: true, hashed: true, answers: 2 });
    expect(await sql(domain, `select user_id, answers::int from learners`)).to.deep.equal([
      { user_id: stays, answers: 2 },
    ]);
  });
});
