import { expect } from 'chai';
import { recordEvents, updateLearner } from '@studyin/domain/services';
import type { ItemResult, RecordItem } from '@studyin/domain/services';
import { eventIdAt, idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { createDice } from '@studyin/testkit/dice';

const NOW = new Date(Date.now() - 3_600_000);
const base = NOW.getTime() - 20 * 86_400_000;
const user = idOf('user', 1);
const topic = idOf('topic', 1);

function answer(n: number, isCorrect: boolean, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    eventType: 'question_attempt',
    eventId: eventIdAt(base + n * 60_000, n),
    sessionId: idOf('session', 1),
    questionId: idOf('question', n),
    topicId: topic,
    properties: { selectedAnswer: 'A', correctAnswer: isCorrect ? 'A' : 'B', timeToAnswerSeconds: 12.5 },
    ...over,
  };
}

const item = (input: unknown, userId = user): RecordItem => ({
  userId,
  input,
  origin: { clientIp: '10.0.0.0', deviceType: 'web' },
});

describe('recording and updating', () => {
  let domain: TestDomain;
  const sql = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const [rows] = await domain.app.database.sequelize.query(text, { bind: values });
    return rows as Row[]; // as: the test states what it selects
  };

  beforeEach(async () => {
    domain = await openTestDomain({ fixedAt: NOW });
    await sql(
      `insert into topics (id, level, path, slug, name, effective_exam_weight) values ($1, 2, 'heart', 'heart', 'Heart', 5)`,
      [topic],
    );
    await sql(`update curriculum_version set version = 1`);
  });
  afterEach(() => domain.close());

  const table = async (name: string, order: string): Promise<object[]> => {
    const rows = await sql<Record<string, unknown>>(`select * from ${name} order by ${order}`);
    return rows.map(
      ({ calculated_at: _at, received_at: _received, watermark: _mark, last_seen_at: _seen, ...row }) => row,
    );
  };
  const derived = async (): Promise<object> => ({
    mastery: await table('topic_mastery', 'user_id, topic_id'),
    questions: await table('question_progress', 'user_id, question_id'),
    daily: await table('daily_user_stats', 'user_id, stat_date'),
    weekly: await table('weekly_user_stats', 'user_id, iso_year, iso_week'),
    topicDays: await table('topic_daily_stats', 'user_id, topic_id, stat_date'),
    metrics: await table('user_learning_metrics', 'user_id'),
    sessions: await table('study_sessions', 'user_id, id'),
  });

  it('an accepted answer is an event, an attempt, a session, a dirty day, a count and one job', async () => {
    const outcome = await recordEvents(domain.app, [item(answer(1, true)), item(answer(2, false))]);
    expect(outcome.results.map(({ status }) => status)).eql(['accepted', 'accepted']);
    expect(outcome.serverTime).equal(NOW.toISOString());
    const [counts] = await sql(`select
      (select count(*)::int from study_events) as events, (select count(*)::int from question_attempts) as attempts,
      (select answers::int from learners) as answers, (select count(*)::int from dirty_days) as days,
      (select count(*)::int from pgboss.job where name = 'update-learner') as jobs`);
    expect(counts).eql({ events: 2, attempts: 2, answers: 2, days: 1, jobs: 1 });
    const [session] = await sql(`select questions_attempted, questions_correct from study_sessions`);
    expect(session).eql({ questions_attempted: 2, questions_correct: 1 });
  });

  it('a duplicate changes nothing, other content is a conflict, neighbours are accepted', async () => {
    await recordEvents(domain.app, [item(answer(1, true))]);
    const before = await sql(`select * from learners`);
    const again = await recordEvents(domain.app, [item(answer(1, true)), item(answer(1, false))]);
    expect(again.results.map(({ status }) => status)).eql(['duplicate', 'conflict']);
    expect(await sql(`select * from learners`)).eql(before);
    const mixed = await recordEvents(domain.app, [
      item({ eventType: 'nonsense' }),
      item(answer(2, true)),
      item(answer(2, true)),
      item(answer(1, true)),
    ]);
    expect(mixed.results.map(({ status }) => status)).eql(['rejected', 'accepted', 'duplicate', 'duplicate']);
  });

  it('numbers answers as the view does: over months, learners and splits, late ones and repetitions among them', async () => {
    const dice = createDice(7);
    const days = Array.from({ length: 60 }, () => dice.int(0, 300));
    const items = days.map((day, n) => {
      const eventId = eventIdAt(NOW.getTime() - day * 86_400_000 - 1, n);
      const input = answer(n, n % 3 === 0, { eventId, questionId: idOf('question', dice.int(1, 3)) });
      return { ...item(input, idOf('user', dice.int(1, 3))), isNumbered: n % 5 !== 0 };
    });
    const told: object[] = [];
    const stored: object[] = [];
    for (let from = 0; from < items.length; from += 7) {
      const batch = [...items.slice(from, from + 7), ...items.slice(0, from).slice(-2)];
      const { results } = await recordEvents(domain.app, batch);
      const rows = await sql<{ id: string }>(
        `select id, attempt_number::int as "attemptNumber", is_correct as "isCorrect" from question_attempts_numbered`,
      );
      const numbers = new Map(rows.map(({ id, ...attempt }) => [id, attempt]));
      told.push(...results.map(({ eventId, attempt }) => ({ eventId, attempt })));
      for (const [index, { eventId }] of results.entries()) {
        stored.push({ eventId, attempt: batch[index]?.isNumbered === true ? numbers.get(eventId ?? '') : undefined });
      }
    }
    expect(told).eql(stored);
    expect(told.filter((one) => ((one as ItemResult).attempt?.attemptNumber ?? 0) > 3)).not.empty;
    const [counts] = await sql(`select
      (select sum(answers)::int from learners) as answers,
      (select count(*)::int from learners l
        where first_answer_at = (select min(attempted_at) from question_attempts a where a.user_id = l.user_id)) as exact`);
    expect(counts).eql({ answers: 60, exact: 3 });
  });

  it('refuses what lies outside the window, unknown topics and unknown materials, and makes no learner for them', async () => {
    const late = answer(1, true, { eventId: eventIdAt(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth() - 23, 1) - 1) });
    const oldest = answer(1, true, { eventId: eventIdAt(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth() - 23, 1)) });
    const early = answer(1, true, { eventId: eventIdAt(NOW.getTime() + 300_001) });
    const outcome = await recordEvents(domain.app, [
      item(late),
      item(early),
      item(answer(3, true, { topicId: idOf('topic', 9) })),
      item({
        eventType: 'material_open',
        eventId: eventIdAt(base),
        sessionId: idOf('session', 1),
        materialId: idOf('material', 9),
        properties: {},
      }),
    ]);
    expect(outcome.results.map(({ reason }) => reason)).eql([
      'too_old',
      'clock_skew',
      'unknown_topic',
      'unknown_material',
    ]);
    expect(await sql(`select * from learners`)).eql([]);
    const kept = await recordEvents(domain.app, [item(oldest), item(early, idOf('user', 2))]);
    expect(kept.results.map(({ status }) => status)).eql(['accepted', 'rejected']);
    expect(await sql(`select user_id from learners`)).eql([{ user_id: user }]);
  });

  it('an erased learner is told so and nothing is stored', async () => {
    const { subjectOf } = await import('../../src/services/subject.ts');
    await sql(`insert into erased_learners (subject) values ($1)`, [subjectOf(domain.app.keys.subject, user)]);
    const outcome = await recordEvents(domain.app, [item(answer(1, true)), item(answer(2, true), idOf('user', 2))]);
    expect(outcome.results).eql([
      { eventId: eventIdAt(base + 60_000, 1), status: 'rejected', reason: 'erased', path: 'userId' },
      { eventId: eventIdAt(base + 120_000, 2), status: 'accepted' },
    ]);
  });

  it('any arrival order and any split into updates ends in the same derived rows', async () => {
    const events = Array.from({ length: 24 }, (_, n) =>
      answer(n * 977, n % 3 !== 0, { questionId: idOf('question', n % 7) }),
    );
    await recordEvents(
      domain.app,
      events.map((event) => item(event)),
    );
    await updateLearner(domain.app, { userId: user });
    const inOrder = await derived();
    const other = idOf('user', 2);
    for (const event of events.toReversed()) {
      await recordEvents(domain.app, [item(event, other)]);
      await updateLearner(domain.app, { userId: other });
    }
    for (const name of [
      'topic_mastery',
      'question_progress',
      'daily_user_stats',
      'weekly_user_stats',
      'topic_daily_stats',
      'user_learning_metrics',
    ]) {
      const mine = (await table(name, '1, 2, 3')).filter((row) => (row as { user_id: string }).user_id === user);
      const theirs = (await table(name, '1, 2, 3')).filter((row) => (row as { user_id: string }).user_id === other);
      expect(
        theirs.map((row) => ({ ...row, user_id: user })),
        name,
      ).eql(mine);
      expect(mine.length, name).greaterThan(0);
    }
    const before = await derived();
    const calculated = await sql(`select max(calculated_at) as at from topic_mastery`);
    const outcome = await updateLearner(domain.app, { userId: user });
    expect(outcome).eql({ isKnown: true, answersFolded: 0, refolded: false, days: 0 });
    expect(await derived()).eql(before);
    expect(await sql(`select max(calculated_at) as at from topic_mastery`)).eql(calculated);
    expect(inOrder).not.eql({});
  });

  it('going on from the checkpoint gives what folding everything gives', async () => {
    for (let n = 0; n < 12; n += 1) {
      await recordEvents(domain.app, [item(answer(n * 700, n % 2 === 0))]);
      const outcome = await updateLearner(domain.app, { userId: user });
      expect(outcome.refolded).equal(n === 0);
    }
    const stepwise = await derived();
    await sql(`delete from learner_progress`);
    const outcome = await updateLearner(domain.app, { userId: user });
    expect(outcome).include({ answersFolded: 12, refolded: true });
    expect(await derived()).eql(stepwise);
  });

  it('a job of a learner who is gone makes no row', async () => {
    expect(await updateLearner(domain.app, { userId: idOf('user', 7) })).eql({
      isKnown: false,
      answersFolded: 0,
      refolded: false,
      days: 0,
    });
    expect(await sql(`select * from learners`)).eql([]);
  });

  it('writers of the same learners in any order neither deadlock nor lose a count', async () => {
    const users = Array.from({ length: 6 }, (_, n) => idOf('user', n + 1));
    const batchOf = (batch: number): RecordItem[] =>
      users.map((userId, n) =>
        item(answer(batch * 10 + n, true, { eventId: eventIdAt(base + batch * 60_000, batch * 10 + n) }), userId),
      );
    const batches = Array.from({ length: 24 }, (_, batch) =>
      batch % 2 === 0 ? batchOf(batch) : batchOf(batch).toReversed(),
    );
    const outcomes = await Promise.all(batches.map((batch) => recordEvents(domain.app, batch)));
    expect(outcomes.flatMap(({ results }) => results).every(({ status }) => status === 'accepted')).equal(true);
    expect(await sql(`select answers::int from learners`)).eql(users.map(() => ({ answers: 24 })));
    expect(await sql(`select sum(questions_attempted)::int as n from study_sessions`)).eql([{ n: 144 }]);
  });
});
