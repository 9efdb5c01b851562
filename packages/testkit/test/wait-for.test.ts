import { expect } from 'chai';
import { waitFor } from '../src/wait-for.ts';

describe('waitFor', () => {
  it('returns the first answer that is not false, null or undefined', async () => {
    const answers = [undefined, null, false, 0];
    expect(await waitFor(() => answers.shift(), { intervalMs: 1 })).to.equal(0);
  });

  it('asks again after an error, and names what it waited for at the deadline', async () => {
    const failing = waitFor(() => Promise.reject(new Error('not yet')), {
      what: 'a sign of life',
      timeoutMs: 20,
      intervalMs: 1,
    });
    const error = await failing.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(Error).with.property('message', 'waited 20 ms for a sign of life');
    expect(error).to.have.nested.property('cause.message', 'not yet');
  });
});
