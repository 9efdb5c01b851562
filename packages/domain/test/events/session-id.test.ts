import { createHmac, createSecretKey } from 'node:crypto';
import { expect } from 'chai';
import { storedSessionId } from '../../src/events/index.ts';
import { sessionId, topicId as learner, materialId as otherLearner } from './items.ts';

describe('stored session ids', () => {
  const key = 'k'.repeat(32);

  it('are the first 16 bytes of an HMAC over learner and session', () => {
    const expected = createHmac('sha256', key).update(learner).update(sessionId).digest().subarray(0, 16);
    const stored = storedSessionId(key, learner, sessionId);
    expect(stored.replaceAll('-', '')).to.equal(expected.toString('hex'));
    expect(stored).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(storedSessionId(createSecretKey(Buffer.from(key)), learner, sessionId)).to.equal(stored);
  });

  it('do not depend on the spelling of the ids', () => {
    const upper = storedSessionId(key, learner.toUpperCase(), sessionId.toUpperCase());
    expect(upper).to.equal(storedSessionId(key, learner, sessionId));
  });

  it('differ by learner and by key', () => {
    const ids = [
      storedSessionId(key, learner, sessionId),
      storedSessionId(key, otherLearner, sessionId),
      storedSessionId('another key', learner, sessionId),
    ];
    expect(new Set(ids).size).to.equal(3);
  });
});
