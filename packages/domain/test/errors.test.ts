import { expect } from 'chai';
import { DomainError } from '../src/errors.ts';

describe('DomainError', () => {
  it('carries code, place and cause', () => {
    const cause = new Error('below');
    const error = new DomainError('not_found', 'topic 7 is not known', { path: 'topicId', cause });
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({ name: 'DomainError', code: 'not_found', path: 'topicId', cause });
    expect(String(error)).to.equal('DomainError: topic 7 is not known');
  });

  it('has neither place nor cause where none was given', () => {
    const error = new DomainError('internal', 'x');
    expect(error.path).to.equal(null);
    expect(error).not.to.have.property('cause');
  });
});
