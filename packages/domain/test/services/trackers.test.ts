import { expect } from 'chai';
import { DomainError } from '@studyin/domain/errors';
import {
  trackEvent,
  trackMaterialInteraction,
  trackQuestionAttempt,
  trackSessionEnd,
  trackSessionStart,
} from '@studyin/domain/services';
import { eventIdAt, idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';

const now = new Date(Date.now() - 60_000);
const userId = idOf('user', 1);
const sessionId = idOf('session', 1);

describe('in-process trackers', () => {
  let domain: TestDomain;
  const sql = async (text: string, bind: unknown[] = []): Promise<unknown[]> =>
    (await domain.app.database.sequelize.query(text, { bind }))[0];

  before(async () => {
    domain = await openTestDomain({ fixedAt: now });
    await sql(
      `insert into topics (id, level, path, slug, name, effective_exam_weight) values ($1, 2, 'a', 'a', 'A', 5)`,
      [idOf('topic', 1)],
    );
    await sql(`insert into materials (id, topic_id, kind) values ($1, $2, 'reading')`, [
      idOf('material', 1),
      idOf('topic', 1),
    ]);
    await sql(`update curriculum_version set version = 1`);
  });
  after(() => domain.close());

  const attempt = (n: number, selectedAnswer = 'A') =>
    ({
      eventType: 'question_attempt',
      eventId: eventIdAt(now.getTime() - 50_000 + n, n),
      sessionId,
      questionId: idOf('question', 1),
      topicId: idOf('topic', 1),
      properties: { selectedAnswer, correctAnswer: 'A', timeToAnswerSeconds: 3 },
    }) as const;

  it('return the event and its record, in one transaction of the caller', async () => {
    const { database } = domain.app;
    const all = await database.transaction(async (tx) => ({
      start: await trackSessionStart(domain.app, tx, {
        userId,
        event: {
          eventType: 'session_start',
          eventId: eventIdAt(now.getTime() - 55_000),
          sessionId,
          properties: { deviceType: 'web' },
        },
      }),
      answer: await trackQuestionAttempt(domain.app, tx, { userId, event: attempt(1) }),
      read: await trackMaterialInteraction(domain.app, tx, {
        userId,
        event: {
          eventType: 'material_read',
          eventId: eventIdAt(now.getTime() - 40_000),
          sessionId,
          materialId: idOf('material', 1),
          properties: { durationSeconds: 30, scrollDepthPercent: 95 },
        },
      }),
      end: await trackSessionEnd(domain.app, tx, {
        userId,
        event: { eventType: 'session_end', eventId: eventIdAt(now.getTime() - 30_000), sessionId },
      }),
    }));
    expect(all.answer.attempt).include({ isCorrect: true, gradedBy: 'client', topicId: idOf('topic', 1) });
    expect(all.read.interaction).include({ durationSeconds: 30, scrollDepthPercent: 95, isComplete: true });
    expect(all.read.event.topicId).equal(idOf('topic', 1));
    expect(all.end.session).include({ questionsAttempted: 1, questionsCorrect: 1 });
    expect(all.start.session.id).equal(all.end.session.id).not.equal(sessionId);
  });

  it('return what is stored when repeated, and throw on other content', async () => {
    const { database } = domain.app;
    const first = await database.transaction((tx) => trackEvent(domain.app, tx, { userId, event: attempt(2) }));
    const again = await database.transaction((tx) => trackEvent(domain.app, tx, { userId, event: attempt(2) }));
    expect(again).eql(first);
    const other = await database
      .transaction((tx) => trackEvent(domain.app, tx, { userId, event: attempt(2, 'C') }))
      .catch((error: unknown) => error);
    expect(other).instanceOf(DomainError).include({ code: 'conflict', path: 'eventId' });
  });

  it('leave nothing behind when the caller undoes the transaction or the event is refused', async () => {
    const { database } = domain.app;
    const undone = await database
      .transaction(async (tx) => {
        await trackQuestionAttempt(domain.app, tx, { userId: idOf('user', 2), event: attempt(3) });
        throw new Error('business says no');
      })
      .catch((error: unknown) => error);
    expect(undone).property('message', 'business says no');
    const refused = await database
      .transaction((tx) =>
        trackEvent(domain.app, tx, { userId: idOf('user', 2), event: { ...attempt(4), topicId: idOf('topic', 9) } }),
      )
      .catch((error: unknown) => error);
    expect(refused).instanceOf(DomainError).include({ code: 'invalid', path: 'topicId' });
    expect(await sql(`select count(*)::int as n from learners where user_id = $1`, [idOf('user', 2)])).eql([{ n: 0 }]);
    expect(await sql(`select count(*)::int as n from pgboss.job where data ->> 'userId' = $1`, [idOf('user', 2)])).eql([
      { n: 0 },
    ]);
  });
});
