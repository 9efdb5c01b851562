import { expect } from 'chai';
import { openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { runRefit } from '../src/run-refit.ts';
import { addTopic, answer, recordOneByOne, workerEnv } from './worker-domain.ts';

describe('the process that fits the mastery model', function () {
  this.timeout(30_000);
  let domain: TestDomain;
  before(async () => {
    domain = await openTestDomain();
    await addTopic(domain);
    await recordOneByOne(domain, [answer(1, 0), answer(2, 0), answer(1, 1)]);
  });
  after(() => domain.close());

  it('reads the database of its settings, and says what came of it', async () => {
    const env = { ...process.env, ...workerEnv(domain.database.url) };
    expect(await runRefit(env)).eql({ state: 'too_few', answers: 3, learners: 2 });
  });

  it('fails aloud where it cannot', async () => {
    const env = { ...process.env, ...workerEnv(domain.database.url), STUDYIN_ROLE: 'nobody_of_that_name' };
    const failure: unknown = await runRefit(env).catch((error: unknown) => error);
    expect(failure)
      .instanceOf(Error)
      .property('message')
      .matches(/ended with 1$/);
  });
});
