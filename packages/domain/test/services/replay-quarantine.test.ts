import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { storedSessionId } from '@studyin/domain/events';
import { countQuarantine, listQuarantine, recordEvents, replayQuarantine } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';
import { eventIdAt, idOf, openTestDomain, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { addTopic, answer, base, item, NOW, rejectedRows, session, sqlOf, topic, user } from './quarantined-items.ts';

describe('a replay of the quarantine', () => {
  let domain: TestDomain;
  let app: App;
  beforeEach(async () => {
    domain = await openTestDomain({ fixedAt: NOW });
    app = domain.app;
  });
  afterEach(() => domain.close());

  it('replays what an import has made acceptable, as if it had been accepted then, and keeps the rest', async () => {
    const custom = {
      eventType: 'custom',
      eventId: eventIdAt(base, 50),
      sessionId: session,
      topicId: topic,
      name: 'flashcard_flipped',
      properties: { side: 'back' },
    };
    const stray = answer(3, { topicId: idOf('topic', 3) });
    await recordEvents(app, [item(answer(1)), item(answer(2)), item(custom), item(stray)]);
    await addTopic(app);
    const steps: number[] = [];
    const progress = await replayQuarantine(app, { limit: 100, onProgress: ({ tried }) => steps.push(tried) });
    expect(progress).to.deep.equal({ tried: 4, accepted: 3, duplicate: 0, erased: 0, kept: 1 });
    expect(steps).to.deep.equal([4]);
    expect(await rejectedRows(app)).to.have.length(1);
    const stored = storedSessionId(testKeys.session, user, session);
    const events = await sqlOf<Record<string, unknown>>(
      app,
      'select event_type, session_id, timezone, properties, host(client_ip) as ip, device_type from study_events order by created_at, id',
    );
    expect(events.find(({ event_type: type }) => type === 'custom')).to.deep.equal({
      event_type: 'custom',
      session_id: stored,
      timezone: null,
      properties: { name: 'flashcard_flipped', side: 'back' },
      ip: '10.0.0.0',
      device_type: 'web',
    });
    expect(new Set(events.map((event) => event['session_id']))).to.deep.equal(new Set([stored]));
    expect(
      await sqlOf(
        app,
        'select answers::int, (select questions_attempted from study_sessions) as counted from learners',
      ),
    ).to.deep.equal([{ answers: 2, counted: 2 }]);
    // the client that repeats its call meets its own events
    const again = await recordEvents(app, [item(answer(1)), item(custom)]);
    expect(again.results.map(({ status }) => status)).to.deep.equal(['duplicate', 'duplicate']);
    expect(await replayQuarantine(app, { limit: 100 })).to.deep.equal({
      tried: 1,
      accepted: 0,
      duplicate: 0,
      erased: 0,
      kept: 1,
    });
  });

  it('what was sent again and accepted meanwhile is a duplicate and leaves', async () => {
    await recordEvents(app, [item(answer(1))]);
    await addTopic(app);
    await app.curriculum.refresh();
    await recordEvents(app, [item(answer(1))]);
    expect(await replayQuarantine(app, { reason: 'unknown_material', limit: 10 })).to.include({ tried: 0 });
    expect(await replayQuarantine(app, { reason: 'unknown_topic', limit: 10 })).to.include({ tried: 1, duplicate: 1 });
    expect(await rejectedRows(app)).to.deep.equal([]);
  });

  it('a dry run answers what a replay would, and leaves nothing behind', async () => {
    await recordEvents(app, [item(answer(1)), item(answer(2)), item(answer(3, { topicId: idOf('topic', 3) }))]);
    await addTopic(app);
    await app.curriculum.refresh();
    await recordEvents(app, [item(answer(2))]);
    const stored = () =>
      sqlOf(
        app,
        `select (select count(*)::int from study_events) as events, (select count(*)::int from question_attempts) as attempts,
        (select count(*)::int from rejected_events) as rejected, (select count(*)::int from pgboss.job) as jobs,
        (select max(watermark)::int from learners) as watermark`,
      );
    const before = await stored();
    const dry = await replayQuarantine(app, { limit: 100, dryRun: true });
    expect(dry).to.deep.equal({ tried: 3, accepted: 1, duplicate: 1, erased: 0, kept: 1 });
    expect(await stored()).to.deep.equal(before);
    expect(await replayQuarantine(app, { limit: 100 })).to.deep.equal(dry);
    expect(await stored()).to.not.deep.equal(before);
  });

  it('is replayed for one learner or from an instant on, and an item of an erased learner leaves without a trace', async () => {
    const later = { ...app, clock: { fixedAt: new Date(NOW.getTime() + 60_000) } };
    await recordEvents(app, [item(answer(1)), item(answer(2), idOf('user', 2)), item(answer(3), idOf('user', 3))]);
    await recordEvents(later, [item(answer(4)), item(answer(5), idOf('user', 2))]);
    await addTopic(app);
    const since = new Date(NOW.getTime() + 1);
    expect(await countQuarantine(app)).to.deep.equal([{ reason: 'unknown_topic', items: 5, replayable: 5 }]);
    expect(await countQuarantine(app, { since, userId: user })).to.have.deep.nested.property('[0].items', 1);
    expect((await listQuarantine(app, { since, limit: 9 })).items).to.have.length(2);
    expect((await listQuarantine(app, { userId: user, limit: 9 })).items).to.have.length(2);
    expect(await replayQuarantine(app, { limit: 9, since, userId: user })).to.include({ tried: 1, accepted: 1 });
    expect(await replayQuarantine(app, { limit: 9, userId: user })).to.include({ tried: 1, accepted: 1 });
    const subject = createHmac('sha256', testKeys.subject).update(idOf('user', 3)).digest();
    await sqlOf(app, 'insert into erased_learners (subject) values ($1)', [subject]);
    const rest = await replayQuarantine(app, { limit: 9 });
    expect(rest).to.deep.equal({ tried: 3, accepted: 2, duplicate: 0, erased: 1, kept: 0 });
    expect(await rejectedRows(app)).to.deep.equal([]);
    expect(await sqlOf(app, 'select from learners where user_id = $1', [idOf('user', 3)])).to.deep.equal([]);
  });

  it('a replay that is ended stops between two chunks, and goes on when it is called again', async () => {
    await recordEvents(
      app,
      Array.from({ length: 600 }, (_, n) => item(answer(n), idOf('user', n))),
    );
    await addTopic(app);
    const ending = new AbortController();
    const why = new Error('ended');
    const ended = replayQuarantine(app, { limit: 1_000, signal: ending.signal, onProgress: () => ending.abort(why) });
    expect(await ended.catch((error: unknown) => error)).to.equal(why);
    expect(await countQuarantine(app)).to.have.deep.nested.property('[0].items', 100);
    expect(await replayQuarantine(app, { limit: 1_000 })).to.include({ tried: 100, accepted: 100 });
  });

  it('an item that has grown too old stays, and a replay adds no row', async () => {
    await recordEvents(app, [item(answer(1))]);
    await addTopic(app);
    const later = { ...app, clock: { fixedAt: new Date(NOW.getTime() + 800 * 86_400_000) } };
    expect(await replayQuarantine(later, { limit: 10 })).to.include({ tried: 1, kept: 1 });
    expect((await rejectedRows(app)).map(({ reason }) => reason)).to.deep.equal(['unknown_topic']);
  });

  it('tries no more than it is asked to, over any number of pages', async () => {
    await recordEvents(
      app,
      Array.from({ length: 700 }, (_, n) => item(answer(n), idOf('user', n))),
    );
    await addTopic(app);
    expect(await replayQuarantine(app, { limit: 10 })).to.include({ tried: 10, accepted: 10 });
    const steps: number[] = [];
    const rest = await replayQuarantine(app, { limit: 10_000, onProgress: ({ tried }) => steps.push(tried) });
    expect(rest).to.deep.equal({ tried: 690, accepted: 690, duplicate: 0, erased: 0, kept: 0 });
    expect(steps).to.deep.equal([500, 690]);
  });
});
