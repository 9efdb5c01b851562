import { expect } from 'chai';
import { DomainError } from '@studyin/domain/errors';
import { loadHistory, updateLearner } from '@studyin/domain/services';
import type { RecordItem } from '@studyin/domain/services';
import { randomHistory } from '@studyin/testkit/random-history';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { rowsOfLearners } from './learner-rows.ts';
import { expectSound, openVerifyDomain, record, sql, startMs } from './verify-domain.ts';

const itemsOf = (userId: string, seed: number): readonly RecordItem[] =>
  randomHistory({ seed, startMs }).map((item) => ({ ...item, userId }));

describe('a loaded history', () => {
  let loaded: TestDomain;
  let recorded: TestDomain;
  before(async () => {
    loaded = await openVerifyDomain();
    recorded = await openVerifyDomain();
  });
  after(async () => {
    await loaded.close();
    await recorded.close();
  });

  it('ends in the rows that recording it event by event ends in, before and after an update', async () => {
    const userIds = [1, 2, 3, 4, 5].map((n) => idOf('loaded learner', n));
    const items = userIds.flatMap((userId, n) => itemsOf(userId, n));
    const { learners, events, attempts } = await loadHistory(loaded.app, [...items, ...items.slice(0, 30)]);
    expect({ learners, events }).eql({ learners: 5, events: items.length });
    expect(attempts).greaterThan(50);
    for (const [n, userId] of userIds.entries()) {
      await record(recorded, { userId, items: randomHistory({ seed: n, startMs }) });
    }
    expect(await rowsOfLearners(loaded, userIds)).eql(await rowsOfLearners(recorded, userIds));
    for (const userId of userIds) {
      await updateLearner(loaded.app, { userId });
      await updateLearner(recorded.app, { userId });
      await expectSound(loaded, userId);
    }
    expect(await rowsOfLearners(loaded, userIds)).eql(await rowsOfLearners(recorded, userIds));
  });

  it('is added once: a learner who is there keeps what they have', async () => {
    const known = idOf('known learner', 1);
    const fresh = idOf('fresh learner', 1);
    await loadHistory(loaded.app, itemsOf(known, 21));
    const before = await rowsOfLearners(loaded, [known]);
    const again = await loadHistory(loaded.app, [...itemsOf(known, 22), ...itemsOf(fresh, 23)]);
    expect(again.learners).equal(1);
    expect(await rowsOfLearners(loaded, [known])).eql(before);
    expect(await loadHistory(loaded.app, itemsOf(fresh, 23))).eql({ learners: 0, events: 0, attempts: 0 });
  });

  it('with an event that would be refused, or that is too old, is refused whole', async () => {
    const userId = idOf('refused learner', 1);
    const origin = { clientIp: null, deviceType: null };
    const event = (at: string, more: object = {}): RecordItem => ({
      userId,
      input: { eventType: 'session_pause', eventId: eventIdAt(at), sessionId: idOf('session', 1), ...more },
      origin,
    });
    for (const [bad, reason] of [
      [event('2026-01-05T00:00:00Z', { eventType: 'nap' }), /refused: invalid at eventType/],
      [event('2020-01-05T00:00:00Z'), /refused: too_old at eventId/],
    ] as const) {
      const refused = await loadHistory(loaded.app, [event('2026-01-04T00:00:00Z'), bad]).catch(
        (error: unknown) => error,
      );
      expect(refused).instanceOf(DomainError).include({ code: 'invalid' });
      expect(refused).property('message').matches(reason);
    }
    expect(await sql(loaded, `select from learners where user_id = $1`, [userId])).eql([]);
  });
});
