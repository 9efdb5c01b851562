import { expect } from 'chai';
import { importCurriculum, recordEvents, updateLearner, verify } from '@studyin/domain/services';
import { randomArrival, randomHistory } from '@studyin/testkit/random-history';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { versionsOf } from './learner-rows.ts';
import { broken, expectSound, openVerifyDomain, record, sql, startMs, study } from './verify-domain.ts';

describe('verify', () => {
  let domain: TestDomain;
  before(async () => {
    domain = await openVerifyDomain();
  });
  after(async () => {
    await domain.close();
  });

  it('an update that has nothing to do writes no row', async () => {
    const userId = idOf('idle learner', 1);
    await study(domain, { userId, seed: 5 });
    const before = await versionsOf(domain, userId);
    await updateLearner(domain.app, { userId });
    const again = await versionsOf(domain, userId);
    expect(again).eql(before);
    expect(again.length).greaterThan(50);
  });

  it('a learner whose job waits is pending, one without a job is not atomic', async () => {
    const userId = idOf('waiting learner', 1);
    await study(domain, { userId, seed: 6 });
    await record(domain, { userId, items: randomHistory({ seed: 7, startMs }) });
    const waiting = await verify(domain.app, { userIds: [userId] });
    expect(waiting).include({ ok: true });
    expect(waiting.checked.pending).equal(1);
    await sql(domain, `delete from pgboss.job where data ->> 'userId' = $1`, [userId]);
    const forgotten = await verify(domain.app, { userIds: [userId] });
    expect(broken(forgotten)).eql(['atomic', 'derived']);
    expect(forgotten.invariants[1]?.examples[0]).match(/^learner_progress user_id=.+ jobs expected 1, found 0$/);
    await updateLearner(domain.app, { userId });
    await expectSound(domain, userId);
  });

  it('counts what it has checked and tells of each chunk of learners', async () => {
    const database = await openVerifyDomain();
    try {
      await study(database, { userId: idOf('learner', 1), seed: 1 });
      await sql(database, `insert into learners (user_id) select gen_random_uuid() from generate_series(1, 250)`);
      const progress: [number, number][] = [];
      const { ok, checked } = await verify(database.app, { onProgress: (...counts) => progress.push(counts) });
      const [stored] = await sql(
        database,
        `select (select count(*)::int from study_events) as events, (select count(*)::int from question_attempts) as attempts`,
      );
      expect(ok).equal(true);
      expect(checked).include({ learners: 251, pending: 0, ...stored });
      expect(checked.rows).greaterThan(50);
      expect(progress).eql([
        [200, 251],
        [251, 251],
      ]);
    } finally {
      await database.close();
    }
  });

  describe('of materials', () => {
    const materials = (n: number, topics: readonly number[]) =>
      topics.map((topic, i) => ({
        id: idOf(`material of case ${n}`, i),
        topicId: idOf('case topic', topic),
        kind: 'pdf',
      }));
    const event = (n: number, input: Readonly<Record<string, unknown>>) => ({
      input: { eventId: eventIdAt(startMs + n * 60_000, n), sessionId: idOf('case session', 1), ...input },
      origin: { clientIp: null, deviceType: null },
    });
    before(async () => {
      const topics = [1, 2, 3].map((n) => ({
        id: idOf('case topic', n),
        level: 0,
        slug: `case-${n}`,
        name: `Case ${n}`,
      }));
      await importCurriculum(domain.app, { topics });
    });

    it('a curriculum that gains a material reaches topics that were read and never answered', async () => {
      await importCurriculum(domain.app, { materials: materials(1, [1]) });
      const userId = idOf('reader', 1);
      const materialId = idOf('material of case 1', 0);
      await record(domain, { userId, items: [event(1, { eventType: 'material_complete', materialId })] });
      await updateLearner(domain.app, { userId });
      await importCurriculum(domain.app, { materials: materials(1, [1, 1]) });
      await updateLearner(domain.app, { userId });
      await expectSound(domain, userId);
      const [row] = await sql(domain, `select materials_total from topic_mastery where user_id = $1`, [userId]);
      expect(row).eql({ materials_total: 2 });
    });

    it('a material counts in the topic the curriculum gives it, whatever topic its events name', async () => {
      await importCurriculum(domain.app, { materials: materials(2, [2]) });
      const userId = idOf('reader', 2);
      const materialId = idOf('material of case 2', 0);
      const answer = { questionId: idOf('case question', 1), topicId: idOf('case topic', 2) };
      const properties = { selectedAnswer: 'A', isCorrect: true, timeToAnswerSeconds: 9 };
      await record(domain, { userId, items: [event(1, { eventType: 'question_attempt', ...answer, properties })] });
      await updateLearner(domain.app, { userId });
      // Named under another topic, on another day, in another session: the row of the material's own topic must follow.
      const elsewhere = { topicId: idOf('case topic', 3), sessionId: idOf('case session', 2) };
      await record(domain, {
        userId,
        items: [event(4_000, { eventType: 'material_complete', materialId, ...elsewhere })],
      });
      await updateLearner(domain.app, { userId });
      await expectSound(domain, userId);
      const rows = await sql(
        domain,
        `select materials_completed, materials_total from topic_mastery where user_id = $1 order by topic_id`,
        [userId],
      );
      expect(rows).eql([
        { materials_completed: 1, materials_total: 1 },
        { materials_completed: 0, materials_total: 0 },
      ]);
    });
  });

  it('goes on while learners are writing', async () => {
    const userIds = [1, 2, 3].map((n) => idOf('writing learner', n));
    const writing = userIds.map(async (userId, n) => {
      for (const batch of randomArrival(randomHistory({ seed: n, startMs }), { seed: n })) {
        await recordEvents(
          domain.app,
          batch.map((item) => ({ ...item, userId })),
        );
        await updateLearner(domain.app, { userId });
      }
    });
    const done = Promise.all(writing).then(() => true);
    const seen = [];
    do seen.push(await verify(domain.app, { userIds }));
    while (!(await Promise.race([done, Promise.resolve(false)])));
    expect(seen.flatMap(({ invariants }) => invariants.flatMap(({ examples }) => examples))).eql([]);
    expect(seen.some(({ checked }) => checked.pending > 0)).equal(true);
  });
});
