import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { storedSessionId } from '@studyin/domain/events';
import { listQuarantine, QUARANTINE_ROWS_PER_DAY, quarantineItems, recordEvents } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { eventIdAt, idOf, openTestDomain, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import {
  addTopic,
  answer,
  base,
  item,
  material,
  NOW,
  rejectedRows,
  session,
  sqlOf,
  user,
} from './quarantined-items.ts';

describe('the quarantine', () => {
  let domain: TestDomain;
  let app: App;
  let logged: object[];
  beforeEach(async () => {
    domain = await openTestDomain({ fixedAt: NOW });
    logged = [];
    const log = { info: () => undefined, warn: (fields: object) => void logged.push(fields), error: () => undefined };
    app = { ...domain.app, log };
  });
  afterEach(() => domain.close());

  it('keeps whole items only where a curriculum may come to know them; of others reason and place, of some nothing', async () => {
    const erased = idOf('user', 9);
    const subject = createHmac('sha256', testKeys.subject).update(erased).digest();
    await sqlOf(app, 'insert into erased_learners (subject) values ($1)', [subject]);
    const canary = 'somebody@example.org';
    const { results } = await recordEvents(app, [
      item(answer(1)),
      item({ eventType: 'material_open', eventId: eventIdAt(base, 2), sessionId: session, materialId: material }),
      item(answer(3, { properties: { selectedAnswer: canary.repeat(100), timeToAnswerSeconds: 1 } })),
      item(answer(4, { properties: { selectedAnswer: `${canary}\u0000`, timeToAnswerSeconds: 1 } })),
      item({
        eventType: 'custom',
        eventId: eventIdAt(base, 5),
        sessionId: session,
        name: 'x',
        properties: { email: canary },
      }),
      item({ eventType: 'session_start', eventId: eventIdAt(NOW.getTime() - 900 * 86_400_000), sessionId: session }),
      item({ eventType: 'session_start', eventId: eventIdAt(NOW.getTime() + 900_000), sessionId: session }),
      item({ eventType: 'session_start', eventId: eventIdAt(base, 7), sessionId: session }, erased),
      item(canary),
      item(canary, erased),
    ]);
    expect(results.map(({ reason }) => reason)).to.deep.equal([
      'unknown_topic',
      'unknown_material',
      'invalid',
      'invalid_text',
      'pii',
      'too_old',
      'clock_skew',
      'erased',
      'invalid',
      'invalid',
    ]);
    const rows = await rejectedRows(app);
    expect(rows.map(({ reason, path, item: kept }) => [reason, path, kept !== null])).to.deep.equal([
      ['invalid', 'properties.selectedAnswer', false],
      ['invalid', '', false],
      ['invalid_text', 'properties.selectedAnswer', false],
      ['pii', 'properties.email', false],
      ['too_old', 'eventId', false],
      ['unknown_material', 'materialId', true],
      ['unknown_topic', 'topicId', true],
    ]);
    expect(JSON.stringify(rows)).to.not.include(canary).and.not.include(session).and.not.include(erased);
    expect(await sqlOf(app, 'select from learners')).to.deep.equal([]);
  });

  it('a repeated call leaves one row, and an accepted neighbour is accepted', async () => {
    await addTopic(app);
    const items = [item(answer(1, { topicId: idOf('topic', 2) })), item(answer(2))];
    for (const status of ['accepted', 'duplicate']) {
      expect((await recordEvents(app, items)).results.map((result) => result.status)).to.deep.equal([
        'rejected',
        status,
      ]);
    }
    expect(await rejectedRows(app)).to.have.length(1);
  });

  it('a learner fills no more than a day’s rows, and the log says how many are left out', async () => {
    const senseless = Array.from({ length: 500 }, () => item('senseless'));
    for (let call = 0; call < 3; call += 1) await recordEvents(app, senseless);
    await recordEvents(app, [item('senseless', idOf('user', 2))]);
    expect(await rejectedRows(app)).to.have.length(QUARANTINE_ROWS_PER_DAY + 1);
    expect(logged).to.deep.equal([{ event: 'quarantine.full', dropped: 500 }]);
    const tomorrow = { ...app, clock: { fixedAt: new Date(NOW.getTime() + 86_400_000) } };
    await recordEvents(tomorrow, [item('senseless')]);
    expect(await rejectedRows(app)).to.have.length(QUARANTINE_ROWS_PER_DAY + 2);
  });

  it('keeps the id of a session that began under a key that was rotated out', async () => {
    await addTopic(app);
    await recordEvents(app, [item({ eventType: 'session_start', eventId: eventIdAt(base), sessionId: session })]);
    const rotated = {
      ...app,
      keys: { ...testKeys, session: 'session-key-of-the-tests-0000000002', sessionPrevious: testKeys.session },
    };
    await quarantineItems(
      rotated,
      [item(answer(1)), item(answer(2, { sessionId: idOf('session', 2) }))],
      [1, 2].map((n) => ({
        eventId: eventIdAt(base + n),
        status: 'rejected',
        reason: 'unknown_topic',
        path: 'topicId',
      })),
    );
    const sessions = (await rejectedRows(app)).map(
      (row) => (row.item as { event: { sessionId: string } }).event.sessionId,
    );
    expect(sessions).to.have.members([
      storedSessionId(testKeys.session, user, session),
      storedSessionId(rotated.keys.session, user, idOf('session', 2)),
    ]);
  });

  it('is listed in order of arrival, by pages and by reason', async () => {
    for (let n = 0; n < 3; n += 1) await recordEvents(app, [item(answer(n)), item('senseless')]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listQuarantine>> = await listQuarantine(app, { limit: 4, cursor });
      seen.push(...page.items.map(({ id }) => id));
      ({ nextCursor: cursor } = page);
    } while (cursor !== null);
    expect(new Set(seen).size).to.equal(6);
    const { items } = await listQuarantine(app, { reason: 'unknown_topic', limit: 10 });
    expect(items.map(({ id: _id, ...shown }) => shown)).to.deep.include({
      userId: user,
      eventId: eventIdAt(base, 0),
      eventType: 'question_attempt',
      reason: 'unknown_topic',
      path: 'topicId',
      isReplayable: true,
      receivedAt: NOW.toISOString(),
    });
    expect(items).to.have.length(3);
    expect(
      await listQuarantine(app, { limit: 1, cursor: 'nonsense' }).catch((error: unknown) => error),
    ).to.have.property('path', 'cursor');
  });
});
