import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { storedSessionId } from '@studyin/domain/events';
import {
  listQuarantine,
  QUARANTINE_ROWS_PER_DAY,
  quarantineItems,
  recordEvents,
  replayQuarantine,
} from '@studyin/domain/services';
import type { App, RecordItem } from '@studyin/domain/services';
import { eventIdAt, idOf, openTestDomain, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';

const NOW = new Date(Date.now() - 3_600_000);
const base = NOW.getTime() - 86_400_000;
const user = idOf('user', 1);
const topic = idOf('topic', 1);
const material = idOf('material', 1);
const session = idOf('session', 1);
const origin = { clientIp: '10.0.0.0', deviceType: 'web' };

const answer = (n: number, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  eventType: 'question_attempt',
  eventId: eventIdAt(base + n * 60_000, n),
  sessionId: session,
  timezone: 'Europe/Berlin',
  questionId: idOf('question', n),
  topicId: topic,
  properties: { selectedAnswer: 'A', correctAnswer: 'A', timeToAnswerSeconds: 12.5 },
  ...over,
});
const item = (input: unknown, userId = user): RecordItem => ({ userId, input, origin });

describe('the quarantine', () => {
  let domain: TestDomain;
  let app: App;
  let logged: object[];
  const sql = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const [rows] = await app.database.sequelize.query(text, { bind: values });
    return rows as Row[]; // as: the test states what it selects
  };
  const addTopic = async (): Promise<void> => {
    await sql(
      `insert into topics (id, level, path, slug, name, effective_exam_weight) values ($1, 2, 'heart', 'heart', 'Heart', 5)`,
      [topic],
    );
    await sql(`insert into materials (id, topic_id, kind) values ($1, $2, 'pdf')`, [material, topic]);
    await sql(`update curriculum_version set version = version + 1`);
  };
  const rowsOf = () =>
    sql<{ reason: string; path: string | null; item: object | null }>(
      'select user_id, event_id, event_type, reason, path, item from rejected_events order by received_at, reason, event_id',
    );

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
    await sql('insert into erased_learners (subject) values ($1)', [subject]);
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
    const rows = await rowsOf();
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
    expect(await sql('select from learners')).to.deep.equal([]);
  });

  it('a repeated call leaves one row, and an accepted neighbour is accepted', async () => {
    await addTopic();
    const items = [item(answer(1, { topicId: idOf('topic', 2) })), item(answer(2))];
    for (const status of ['accepted', 'duplicate']) {
      expect((await recordEvents(app, items)).results.map((result) => result.status)).to.deep.equal([
        'rejected',
        status,
      ]);
    }
    expect(await rowsOf()).to.have.length(1);
  });

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
    await addTopic();
    const steps: number[] = [];
    const progress = await replayQuarantine(app, { limit: 100, onProgress: ({ tried }) => steps.push(tried) });
    expect(progress).to.deep.equal({ tried: 4, accepted: 3, duplicate: 0, kept: 1 });
    expect(steps).to.deep.equal([4]);
    expect(await rowsOf()).to.have.length(1);
    const stored = storedSessionId(testKeys.session, user, session);
    const events = await sql<Record<string, unknown>>(
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
      await sql('select answers::int, (select questions_attempted from study_sessions) as counted from learners'),
    ).to.deep.equal([{ answers: 2, counted: 2 }]);
    // the client that repeats its call meets its own events
    const again = await recordEvents(app, [item(answer(1)), item(custom)]);
    expect(again.results.map(({ status }) => status)).to.deep.equal(['duplicate', 'duplicate']);
    expect(await replayQuarantine(app, { limit: 100 })).to.deep.equal({ tried: 1, accepted: 0, duplicate: 0, kept: 1 });
  });

  it('what was sent again and accepted meanwhile is a duplicate and leaves', async () => {
    await recordEvents(app, [item(answer(1))]);
    await addTopic();
    await app.curriculum.refresh();
    await recordEvents(app, [item(answer(1))]);
    expect(await replayQuarantine(app, { reason: 'unknown_material', limit: 10 })).to.include({ tried: 0 });
    expect(await replayQuarantine(app, { reason: 'unknown_topic', limit: 10 })).to.include({ tried: 1, duplicate: 1 });
    expect(await rowsOf()).to.deep.equal([]);
  });

  it('an item that has grown too old stays, and a replay adds no row', async () => {
    await recordEvents(app, [item(answer(1))]);
    await addTopic();
    const later = { ...app, clock: { fixedAt: new Date(NOW.getTime() + 800 * 86_400_000) } };
    expect(await replayQuarantine(later, { limit: 10 })).to.include({ tried: 1, kept: 1 });
    expect((await rowsOf()).map(({ reason }) => reason)).to.deep.equal(['unknown_topic']);
  });

  it('tries no more than it is asked to, over any number of pages', async () => {
    await recordEvents(
      app,
      Array.from({ length: 700 }, (_, n) => item(answer(n), idOf('user', n))),
    );
    await addTopic();
    expect(await replayQuarantine(app, { limit: 10 })).to.include({ tried: 10, accepted: 10 });
    const steps: number[] = [];
    const rest = await replayQuarantine(app, { limit: 10_000, onProgress: ({ tried }) => steps.push(tried) });
    expect(rest).to.deep.equal({ tried: 690, accepted: 690, duplicate: 0, kept: 0 });
    expect(steps).to.deep.equal([500, 690]);
  });

  it('a learner fills no more than a day’s rows, and the log says how many are left out', async () => {
    const senseless = Array.from({ length: 500 }, () => item('senseless'));
    for (let call = 0; call < 3; call += 1) await recordEvents(app, senseless);
    await recordEvents(app, [item('senseless', idOf('user', 2))]);
    expect(await rowsOf()).to.have.length(QUARANTINE_ROWS_PER_DAY + 1);
    expect(logged).to.deep.equal([{ event: 'quarantine.full', dropped: 500 }]);
    const tomorrow = { ...app, clock: { fixedAt: new Date(NOW.getTime() + 86_400_000) } };
    await recordEvents(tomorrow, [item('senseless')]);
    expect(await rowsOf()).to.have.length(QUARANTINE_ROWS_PER_DAY + 2);
  });

  it('keeps the id of a session that began under a key that was rotated out', async () => {
    await addTopic();
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
    const sessions = (await rowsOf()).map((row) => (row.item as { event: { sessionId: string } }).event.sessionId);
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
