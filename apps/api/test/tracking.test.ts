import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { storedSessionId } from '@studyin/domain/events';
import { eventIdAt, testKeys } from '@studyin/testkit/test-domain';
import { startTestApi, tokenFor } from './test-api.ts';
import type { Answer, TestApi } from './test-api.ts';
import {
  addCurriculum,
  attempt,
  countFacts,
  item,
  materialId,
  newId,
  newLearner,
  questionId,
  sessionId,
  topicId,
} from './test-curriculum.ts';

type Results = {
  readonly results: readonly { readonly eventId: string; readonly status: string }[];
  readonly serverTime: string;
};

describe('tracking over HTTP', () => {
  let api: TestApi;
  let learner: string;
  let token: string;
  const send = (name: string, input: unknown): Promise<Answer> => api.mutate(`tracking.${name}`, input, { token });

  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
  });
  beforeEach(async () => {
    learner = newLearner();
    token = await tokenFor(learner, 'learner');
  });
  after(() => api.stop());

  it('an answer is stored with its verdict, its number and its origin, before it is acknowledged', async () => {
    const headers = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile/15E148' };
    const input = attempt({ timezone: 'Europe/Berlin', confidenceLevel: 4 });
    const { status, data } = await api.mutate('tracking.questionAttempt', input, { token, headers });
    expect(status).to.equal(200);
    expect(data).to.deep.equal({ eventId: input['eventId'], status: 'accepted', isCorrect: true, attemptNumber: 1 });
    const rows = await api.sql(
      `select a.is_correct, a.graded_by, a.confidence_level, a.topic_id, e.timezone, host(e.client_ip) as ip, e.device_type, e.session_id
       from question_attempts a join study_events e using (user_id, id) where user_id = $1`,
      [learner],
    );
    expect(rows).to.deep.equal([
      {
        is_correct: true,
        graded_by: 'key',
        confidence_level: 4,
        topic_id: topicId,
        timezone: 'Europe/Berlin',
        ip: '127.0.0.0',
        device_type: 'mobile',
        session_id: storedSessionId(testKeys.session, learner, sessionId),
      },
    ]);
  });

  it('a repeated call answers duplicate and the same, and changes nothing', async () => {
    const input = attempt({ selectedAnswer: 'B' });
    const first = await send('questionAttempt', input);
    const facts = await countFacts(api);
    const again = await send('questionAttempt', input);
    expect(again.data).to.deep.equal({ ...(first.data as object), status: 'duplicate' });
    expect(again.data).to.include({ isCorrect: false, attemptNumber: 1 });
    expect(await countFacts(api)).to.equal(facts);
  });

  it('an answer is numbered by its time, not by its arrival', async () => {
    const at = Date.now() - 7_200_000;
    const second = await send('questionAttempt', attempt({ eventId: eventIdAt(at + 1000) }));
    const first = await send('questionAttempt', attempt({ eventId: eventIdAt(at) }));
    expect([second.data, first.data].map((data) => (data as { attemptNumber: number }).attemptNumber)).to.deep.equal([
      1, 1,
    ]);
    const third = await send('questionAttempt', attempt({ eventId: eventIdAt(at + 2000) }));
    expect(third.data).to.include({ attemptNumber: 3 });
  });

  it('a verdict that differs from the key is graded by the key and noted', async () => {
    const { data } = await send('questionAttempt', attempt({ selectedAnswer: 'B', isCorrect: true }));
    expect(data).to.include({ isCorrect: false, note: 'conflict_with_key' });
  });

  it('the same id with other content is a conflict', async () => {
    const input = attempt();
    await send('questionAttempt', input);
    const { status, error } = await send('questionAttempt', { ...input, selectedAnswer: 'B' });
    expect([status, error?.data.code]).to.deep.equal([409, 'CONFLICT']);
  });

  it('a batch answers each item in its order; a bad one fails alone', async () => {
    const events = [
      item(),
      { ...item(), properties: { selectedAnswer: 'A', timeToAnswerSeconds: -1 } },
      null,
      item({ topicId: newLearner() }),
      item({ eventId: eventIdAt(Date.now() + 3_600_000) }),
      item({ eventId: eventIdAt(Date.now() - 900 * 86_400_000) }),
      { eventType: 'custom', eventId: newId(), sessionId, name: 'x', properties: { email: 'somebody@example.org' } },
      item({ userId: newLearner() }),
      item({ eventType: 'material_read', questionId: undefined, materialId, properties: { durationSeconds: 30 } }),
    ];
    const { status, data, text } = await send('events', { events });
    expect(status).to.equal(200);
    const { results, serverTime } = data as Results;
    expect(Date.parse(serverTime)).to.be.closeTo(Date.now(), 60_000);
    expect(results.map(({ eventId: _id, ...result }) => result)).to.deep.equal([
      { status: 'accepted' },
      { status: 'rejected', reason: 'invalid', path: 'properties.timeToAnswerSeconds' },
      { status: 'rejected', reason: 'invalid', path: '' },
      { status: 'rejected', reason: 'unknown_topic', path: 'topicId' },
      { status: 'rejected', reason: 'clock_skew', path: 'eventId' },
      { status: 'rejected', reason: 'too_old', path: 'eventId' },
      { status: 'rejected', reason: 'pii', path: 'properties.email' },
      { status: 'rejected', reason: 'invalid', path: 'userId' },
      { status: 'accepted' },
    ]);
    expect(text).to.not.include('somebody@example.org');
    const [stored] = await api.sql<{ n: number }>('select count(*)::int as n from study_events where user_id = $1', [
      learner,
    ]);
    expect(stored?.n).to.equal(2);
  });

  it('what is rejected is in quarantine when it is answered, also what names somebody else', async () => {
    const service = newLearner();
    const unknown = item({ topicId: newLearner() });
    await send('events', { events: [unknown, item(), item({ userId: newLearner() }), null] });
    await send('questionAttempt', attempt({ topicId: newLearner() }));
    await api.mutate('tracking.events', { events: [item()] }, { token: await tokenFor(service, 'service') });
    const rows = await api.sql<{ user_id: string; reason: string; path: string; whole: boolean }>(
      'select user_id, reason, path, item is not null as whole from rejected_events where user_id = any($1) order by reason, path',
      [[learner, service]],
    );
    expect(
      rows.map(({ user_id: userId, ...row }) => ({ ...row, of: userId === learner ? 'learner' : 'service' })),
    ).to.have.deep.members([
      { reason: 'invalid', path: '', whole: false, of: 'learner' },
      { reason: 'invalid', path: 'userId', whole: false, of: 'learner' },
      { reason: 'invalid', path: 'userId', whole: false, of: 'service' },
      { reason: 'unknown_topic', path: 'topicId', whole: true, of: 'learner' },
      { reason: 'unknown_topic', path: 'topicId', whole: true, of: 'learner' },
    ]);
  });

  it('500 items go through in one call, each once', async () => {
    const at = Date.now() - 3_600_000;
    const events = Array.from({ length: 500 }, (_, n) => item({ eventId: eventIdAt(at + n, n) }));
    const first = (await send('events', { events })).data as Results;
    expect(new Set(first.results.map(({ status }) => status))).to.deep.equal(new Set(['accepted']));
    expect(first.results.map(({ eventId }) => eventId)).to.deep.equal(events.map((event) => event['eventId']));
    const second = (await send('events', { events })).data as Results;
    expect(new Set(second.results.map(({ status }) => status))).to.deep.equal(new Set(['duplicate']));
  });

  it('a single item is refused with its reason and path', async () => {
    const unknown = await send('questionAttempt', attempt({ questionId: newLearner(), topicId: newLearner() }));
    expect([unknown.status, unknown.error?.data.reason, unknown.error?.data.path]).to.deep.equal([
      400,
      'unknown_topic',
      'topicId',
    ]);
    const early = await send('sessionEnd', { sessionId, eventId: eventIdAt(Date.now() + 3_600_000) });
    expect([early.status, early.error?.data.reason]).to.deep.equal([400, 'clock_skew']);
    const item = await send('event', { eventType: 'nonsense', eventId: newId(), sessionId });
    expect([item.status, item.error?.data.reason, item.error?.data.path]).to.deep.equal([400, 'invalid', 'eventType']);
    const ungraded = await send('questionAttempt', attempt({ questionId: newLearner(), topicId }));
    expect([ungraded.status, ungraded.error?.data.path]).to.deep.equal([400, 'correctAnswer']);
  });

  it('an erased learner is 410, however they are written to', async () => {
    const subject = createHmac('sha256', testKeys.subject).update(learner).digest();
    await api.sql('insert into erased_learners (subject) values ($1)', [subject]);
    const { status, error } = await send('questionAttempt', attempt());
    expect([status, error?.data.httpStatus, error?.data.reason]).to.deep.equal([410, 410, 'erased']);
    expect((await send('events', { events: [item()] })).data).to.have.nested.property('results[0].reason', 'erased');
    expect((await api.query('dashboard.overview', {}, { token })).status).to.equal(404);
    expect((await api.mutate('learner.updateSettings', { dailyGoalMinutes: 5 }, { token })).status).to.equal(410);
  });

  it('a session starts with its stored id, and no raw session id is stored', async () => {
    const at = Date.now() - 3_600_000;
    const started = await send('sessionStart', { eventId: eventIdAt(at), sessionId, deviceType: 'tablet' });
    const stored = storedSessionId(testKeys.session, learner, sessionId);
    expect(started.data).to.include({ status: 'accepted', sessionId: stored });
    for (const [step, name] of ['sessionPause', 'sessionResume', 'sessionEnd'].entries()) {
      const answer = await send(name, { eventId: eventIdAt(at + 60_000 * (step + 1)), sessionId });
      expect(answer.data).to.include({ status: 'accepted' });
    }
    const rows = await api.sql('select id, pause_count from study_sessions where user_id = $1', [learner]);
    expect(rows).to.deep.equal([{ id: stored, pause_count: 1 }]);
    const raw = await api.sql('select from study_events where session_id = $1', [sessionId]);
    expect(raw).to.deep.equal([]);
  });

  it('reading beats grow the material’s interaction', async () => {
    const beat = { sessionId, materialId, durationSeconds: 30 };
    await send('materialInteraction', { ...beat, eventId: newId(), scrollDepthPercent: 40 });
    expect((await send('materialInteraction', { ...beat, eventId: newId(), scrollDepthPercent: 95 })).data).to.include({
      status: 'accepted',
    });
    const { data } = await api.query('dashboard.materialProgress', { materialId }, { token });
    expect(data).to.have.nested.property('materials[0].isComplete', true);
    expect(data).to.have.nested.property('materials[0].minutes', 1);
  });

  it('a client without UUIDv7 names time and source, and meets its own event again', async () => {
    const event = {
      ...item(),
      eventId: undefined,
      occurredAt: new Date(Date.now() - 60_000).toISOString(),
      sourceId: 'answer-17',
    };
    const first = await send('event', event);
    expect(first.data).to.include({ status: 'accepted' });
    expect((await send('event', event)).data).to.deep.equal({ ...(first.data as object), status: 'duplicate' });
  });

  it('a key that is undefined is a key that is absent', async () => {
    const event = item({
      topicId: undefined,
      properties: { selectedAnswer: 'A', timeToAnswerSeconds: 1, hintUsed: undefined },
    });
    expect((await send('event', event)).data).to.include({ status: 'accepted' });
  });

  it('a service’s address and device are not the learner’s', async () => {
    const service = await tokenFor(newLearner(), 'service');
    await api.mutate('tracking.questionAttempt', attempt({ userId: learner, questionId }), { token: service });
    const rows = await api.sql('select client_ip, device_type from study_events where user_id = $1', [learner]);
    expect(rows).to.deep.equal([{ client_ip: null, device_type: null }]);
  });
});

describe('a session key that was rotated', () => {
  it('keeps the id of a session that began before, and gives new sessions new ids', async () => {
    const current = 'session-key-of-the-tests-0000000002';
    const api = await startTestApi({ STUDYIN_SESSION_KEY: current, STUDYIN_SESSION_KEY_PREVIOUS: testKeys.session });
    try {
      const learner = newLearner();
      const token = await tokenFor(learner, 'learner');
      const before = storedSessionId(testKeys.session, learner, sessionId);
      await api.sql(
        'insert into study_sessions (user_id, id, started_at, last_event_at) values ($1, $2, now(), now())',
        [learner, before],
      );
      const kept = await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId }, { token });
      expect(kept.data).to.include({ sessionId: before });
      const other = newLearner();
      const fresh = await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId: other }, { token });
      expect(fresh.data).to.include({ sessionId: storedSessionId(current, learner, other) });
    } finally {
      await api.stop();
    }
  });
});
