import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { findBacklog, updateLearnerJob } from '@studyin/domain/jobs';
import { redriveDeadLetters } from '@studyin/examples/redrive-dead-letters';
import { idOf } from '@studyin/testkit/test-domain';
import { useTestDatabase } from '@studyin/testkit/test-database';

const addDeadLetter = statement(
  'test.add_dead_letter',
  `insert into pgboss.job (name, data, source_name) values ($1, jsonb_build_object('userId', $2::uuid), $3)`,
);

describe('the redriving of the operations page', () => {
  const database = useTestDatabase();
  const strayErrors: Error[] = [];
  let owner: Database;
  before(() => {
    owner = connect({ url: database().url, poolSize: 1, applicationName: 'studyin-test' });
  });
  after(() => owner.close());

  it('sends a dead letter to its queue again', async () => {
    const { name, queue } = updateLearnerJob;
    await owner.reader.query(addDeadLetter, [queue.deadLetter, idOf('user', 1), name]);
    expect(await findBacklog(owner.reader, updateLearnerJob)).to.include({ dead: 1, waiting: 0 });
    expect(await redriveDeadLetters(database().url, (error) => strayErrors.push(error))).to.equal(1);
    expect(await findBacklog(owner.reader, updateLearnerJob)).to.include({ dead: 0, waiting: 1 });
    expect(strayErrors).to.deep.equal([]);
  });
});
