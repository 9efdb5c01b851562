import { expect } from 'chai';
import { scoreTopic } from '@studyin/examples/score-topic';

describe('the algorithm example of the README', () => {
  it('gives the scores that the README shows', () => {
    const [now, later] = scoreTopic([true, false, true]);
    expect(now).to.be.closeTo(0.6486, 5e-5);
    expect(later).to.be.closeTo(0.4372, 5e-5);
  });

  it('has no score without an answer', () => {
    expect(scoreTopic([])).to.deep.equal([null, null]);
  });
});
