import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { updateLearnerJob } from '@studyin/domain/jobs';
import { findResidue } from '@studyin/testkit/find-residue';
import { openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { startTestWorker, untilIdle } from './worker-domain.ts';

describe('a worker and a learner who was erased', () => {
  let domain: TestDomain;
  before(async () => {
    domain = await openTestDomain();
  });
  after(() => domain.close());

  it('deletes a job that was sent too late: nothing names the learner, not even a completed job', async () => {
    const userId = randomUUID();
    await domain.app.jobs.boss.send(updateLearnerJob.name, { userId }, { singletonKey: userId });
    expect(await findResidue(domain.database.url, [userId])).to.not.deep.equal([]);
    const worker = await startTestWorker(domain);
    try {
      await untilIdle(domain);
      expect(await findResidue(domain.database.url, [userId])).to.deep.equal([]);
    } finally {
      await worker.stop();
    }
  });
});
