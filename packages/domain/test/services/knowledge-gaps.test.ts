// From tracked events to gaps: rows worked out by hand, and any history against brute force on a real database.
import { expect } from 'chai';
import fc from 'fast-check';
import type { GapVersion } from '@studyin/domain/algorithms';
import { importCurriculum, recordEvents, updateLearner } from '@studyin/domain/services';
import type { CurriculumInput } from '@studyin/domain/services';
import { createDice } from '@studyin/testkit/dice';
import { historyCurriculum, randomArrival, randomHistory } from '@studyin/testkit/random-history';
import type { HistoryItem } from '@studyin/testkit/random-history';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { expectSound, openVerifyDomain, record, sql, startMs } from './verify-domain.ts';

const [first, second, third, bare] = [1, 2, 3, 4].map((n) => idOf('history topic', n));
const system = idOf('history topic', 9);

/** That of random histories, with a system above its first two topics, prerequisites, weights and hours. */
const curriculum: CurriculumInput = {
  ...historyCurriculum,
  topics: (historyCurriculum.topics ?? [])
    .map((topic, n) => ({
      ...topic,
      ...(n < 2 ? { parentId: system, level: 1 } : {}),
      boardExamWeight: 9 - 2 * n,
      estimatedStudyHours: n === 1 ? undefined : 8,
    }))
    .concat([{ id: system, parentId: null, level: 0, slug: 'system', name: 'System' } as never]), // as: the shape of the others
  relationships: [
    { sourceTopicId: first ?? '', targetTopicId: second ?? '', relationshipType: 'prerequisite' },
    { sourceTopicId: system, targetTopicId: third ?? '', relationshipType: 'prerequisite' },
    { sourceTopicId: bare ?? '', targetTopicId: third ?? '', relationshipType: 'prerequisite' },
  ],
};

/** A history in which most answers are right, so that topics are mastered, forgotten and mastered again. */
function diligent(seed: number, days: number): readonly HistoryItem[] {
  const dice = createDice(seed + 99);
  const right = dice.pick([0, 0.6, 0.95]);
  return randomHistory({ seed, startMs, days, sessions: 16 }).map((item) => {
    if (item.input['eventType'] !== 'question_attempt' || !dice.chance(right)) return item;
    const { isCorrect, ...properties } = item.input['properties'] as Readonly<Record<string, unknown>>; // as: an attempt has them
    const graded = isCorrect === undefined ? {} : { isCorrect: true };
    return { ...item, input: { ...item.input, properties: { ...properties, ...graded, selectedAnswer: 'A' } } };
  });
}

type GapOf = {
  readonly gap: { readonly identified_on: string; readonly resolved_on: string | null };
};

describe('knowledge gaps of tracked events', () => {
  let domain: TestDomain;
  let other: TestDomain;
  before(async () => {
    domain = await openVerifyDomain();
    other = await openVerifyDomain();
    for (const { app } of [domain, other]) await importCurriculum(app, curriculum);
  });
  after(async () => {
    await domain.close();
    await other.close();
  });

  const gapsOf = (userId: string, from = domain): Promise<readonly object[]> =>
    sql(
      from,
      `select to_jsonb(g) - 'calculated_at' as gap from knowledge_gaps g where user_id = $1 order by topic_id`,
      [userId],
    );
  const update = (userId: string, gapVersion: GapVersion = 2) =>
    updateLearner({ ...domain.app, gapVersion }, { userId });

  it('equal brute force for any history, any order of arrival, any version', async function () {
    this.timeout(120_000);
    const seen = { open: 0, resolved: 0 };
    const property = fc.asyncProperty(fc.nat(0x7fffffff), fc.constantFrom(1, 2), async (seed, gapVersion) => {
      const userId = idOf('learner', seed);
      const items = diligent(seed, 100);
      for (const batch of randomArrival(items, { seed, inOrder: true })) await record(domain, { userId, items: batch });
      await update(userId, gapVersion);
      for (const batch of randomArrival(items, { seed: seed + 1 })) {
        await record(other, { userId, items: batch });
        await updateLearner({ ...other.app, gapVersion }, { userId });
      }
      await expectSound(domain, userId);
      await expectSound(other, userId);
      const gaps = await gapsOf(userId);
      expect(await gapsOf(userId, other)).to.deep.equal(gaps);
      for (const { gap } of gaps as readonly GapOf[]) {
        seen[gap.resolved_on === null ? 'open' : 'resolved'] += 1;
        if (gap.resolved_on !== null) expect(gap.resolved_on >= gap.identified_on).to.equal(true);
      }
    });
    await fc.assert(property, { numRuns: 20, endOnFailure: true, includeErrorInReport: true });
    for (const [kind, rows] of Object.entries(seen)) expect(rows, kind).to.be.greaterThan(3);
  });

  type Answered = {
    readonly day: string;
    readonly topic: string | undefined;
    readonly question: number;
    readonly isCorrect: boolean;
  };

  async function answer(userId: string, answers: readonly Answered[]): Promise<void> {
    const { results } = await recordEvents(
      domain.app,
      answers.map(({ day, topic, question, isCorrect }, n) => ({
        userId,
        input: {
          eventType: 'question_attempt',
          eventId: eventIdAt(Date.parse(`${day}T10:00:00Z`) + n * 60_000, n),
          sessionId: idOf('session of gaps', 1),
          questionId: idOf('question of gaps', question),
          topicId: topic,
          properties: { selectedAnswer: 'A', isCorrect, timeToAnswerSeconds: 20 },
        },
        origin: { clientIp: null, deviceType: null },
      })),
    );
    expect(results.map(({ status }) => status)).to.deep.equal(answers.map(() => 'accepted'));
  }
  const rights = (day: string, topic: string | undefined, count: number): readonly Answered[] =>
    Array.from({ length: count }, (_, n) => ({ day, topic, question: 100 + n, isCorrect: true }));

  const columnsOf = (userId: string, columns: string): Promise<readonly object[]> =>
    sql(domain, `select topic_id, ${columns} from knowledge_gaps where user_id = $1 order by topic_id`, [userId]);

  it('are all topics that can be studied, ranked, with what blocks them', async () => {
    const userId = idOf('learner by hand', 1);
    // Two questions, one right: first attempts and all answers ½, E = .5 → .65 → .455; two materials, none completed.
    await answer(userId, [
      { day: '2025-11-01', topic: first, question: 1, isCorrect: true },
      { day: '2025-11-01', topic: first, question: 2, isCorrect: false },
    ]);
    await update(userId);
    await expectSound(domain, userId);
    const mastery = 0.3 * 0.5 + 0.2 * 0.5 + 0.3 * 0.455;
    const rows = (await columnsOf(
      userId,
      `gap_score, priority_score, attempts, accuracy, recent_failure_rate, untried_share, exam_weight, blocks_count, is_ready,
        blocked_by, path, estimated_hours, severity, identified_on::text, resolved_on, as_of`,
    )) as readonly Record<string, unknown>[];
    expect(rows.map((row) => row['topic_id'])).to.deep.equal([first, second, third]);
    const [one, two, three] = rows;
    expect(one).to.include({ attempts: 2, accuracy: 0.5, recent_failure_rate: 0.5, exam_weight: 9, blocks_count: 1 });
    expect(one).to.include({ is_ready: true, severity: 'high', identified_on: '2025-11-01', resolved_on: null });
    expect(one?.['as_of']).to.deep.equal(new Date('2025-11-01T10:01:00Z'));
    const gap = 1 - mastery;
    expect(one?.['gap_score']).to.be.closeTo(gap, 1e-12);
    expect(one?.['estimated_hours']).to.be.closeTo(8 * gap, 1e-12);
    // Two questions were tried, of the 3 that the curriculum knows.
    expect(one?.['untried_share']).to.be.closeTo(1 / 3, 1e-12);
    const importance = 0.15 + 0.7 * 0.9 + (0.15 * 1) / 5;
    const need = gap * (0.5 + 0.3 * (1 / 3) + 0.2 * 0.5);
    expect(one?.['priority_score']).to.be.closeTo(need * importance, 1e-12);
    // Its prerequisite stands at .3865; 3 questions of 6 minutes each.
    expect(two).to.include({ attempts: 0, accuracy: null, untried_share: 1, is_ready: false, gap_score: 1 });
    expect(two?.['blocked_by']).to.deep.equal([first]);
    expect(two?.['estimated_hours']).to.be.closeTo(0.3, 1e-12);
    expect(two?.['as_of']).to.deep.equal(new Date('2025-11-01T00:00:00Z'));
    expect(two?.['priority_score']).to.be.closeTo(0.8 * (0.15 + 0.7 * 0.7), 1e-12);
    // In the order of their paths: history-3 before system.
    expect(three?.['blocked_by']).to.deep.equal([bare, system]);
    expect(three?.['path']).to.deep.equal([bare, system]);
  });

  it('begin, end, begin again and are forgotten 90 days after their end', async () => {
    const userId = idOf('learner by hand', 2);
    const period = async (): Promise<object | undefined> => {
      await update(userId);
      await expectSound(domain, userId);
      const rows = await columnsOf(userId, 'identified_on::text as "from", resolved_on::text as "to"');
      return rows.find((row) => (row as { topic_id: string }).topic_id === bare);
    };
    await answer(userId, [{ day: '2025-10-12', topic: third, question: 1, isCorrect: true }]);
    expect(await period()).to.equal(undefined);
    await answer(userId, [{ day: '2025-10-15', topic: bare, question: 90, isCorrect: false }]);
    expect(await period()).to.deep.equal({ topic_id: bare, from: '2025-10-15', to: null });
    await answer(userId, rights('2025-10-18', bare, 12));
    expect(await period()).to.deep.equal({ topic_id: bare, from: '2025-10-15', to: '2025-10-18' });
    await answer(
      userId,
      [1, 2, 3, 4].map((n) => ({ day: '2025-10-20', topic: bare, question: n, isCorrect: false })),
    );
    expect(await period()).to.deep.equal({ topic_id: bare, from: '2025-10-20', to: null });
    await answer(userId, rights('2025-10-25', bare, 12));
    expect(await period()).to.deep.equal({ topic_id: bare, from: '2025-10-20', to: '2025-10-25' });
    await answer(userId, [{ day: '2026-01-23', topic: third, question: 2, isCorrect: true }]);
    expect(await period()).to.deep.equal({ topic_id: bare, from: '2025-10-20', to: '2025-10-25' });
    await answer(userId, [{ day: '2026-01-24', topic: third, question: 3, isCorrect: true }]);
    expect(await period()).to.equal(undefined);
  });

  it('tell how often answers of late were wrong, however many of another topic came after them', async () => {
    const userId = idOf('learner by hand', 7);
    const many = (day: string, topic: string | undefined, { right, wrong }: { right: number; wrong: number }) =>
      Array.from({ length: right + wrong }, (_, n) => ({ day, topic, question: 200 + n, isCorrect: n < right }));
    const rates = async (): Promise<object> => {
      await update(userId);
      await expectSound(domain, userId);
      const rows = await columnsOf(userId, 'recent_failure_rate as rate');
      // as: the columns asked for
      return Object.fromEntries(
        (rows as readonly { topic_id: string; rate: number }[]).map((row) => [row.topic_id, row.rate]),
      );
    };
    await answer(userId, many('2025-10-02', first, { right: 5, wrong: 0 })); // too long ago
    await answer(userId, many('2025-10-20', first, { right: 2, wrong: 10 }));
    await answer(userId, many('2025-10-25', first, { right: 9, wrong: 3 }));
    await answer(userId, many('2025-11-10', third, { right: 10, wrong: 190 }));
    expect(await rates()).to.include({ [first ?? '']: (8 + 3) / 20, [third ?? '']: 1 });
    await answer(userId, many('2025-11-12', first, { right: 1, wrong: 0 }));
    expect(await rates()).to.include({ [first ?? '']: (7 + 3) / 20, [third ?? '']: 1 });
    // The day on which the answers of the second of them leave the 30 days; three of the first are all that is left.
    await answer(userId, many('2025-11-22', third, { right: 30, wrong: 0 }));
    expect(await rates()).to.include({ [first ?? '']: 3 / 13, [third ?? '']: 0 });
  });

  it('are written only where something changed', async () => {
    const userId = idOf('learner by hand', 3);
    await answer(userId, [{ day: '2025-11-01', topic: first, question: 1, isCorrect: true }]);
    await update(userId);
    const before = await columnsOf(userId, 'xmin::text, xmax::text, ctid::text');
    await answer(userId, [{ day: '2025-11-02', topic: third, question: 2, isCorrect: true }]);
    await update(userId);
    const afterwards = await columnsOf(userId, 'xmin::text, xmax::text, ctid::text');
    expect(afterwards.slice(0, 2)).to.deep.equal(before.slice(0, 2));
    expect(afterwards[2]).to.not.deep.equal(before[2]);
  });

  it('are written anew where their hash was cleared, whatever they say', async () => {
    const userId = idOf('learner by hand', 9);
    await answer(userId, [{ day: '2025-11-01', topic: first, question: 1, isCorrect: true }]);
    await update(userId);
    const before = await columnsOf(userId, 'attempts, content_hash');
    await sql(domain, `update knowledge_gaps set attempts = 77, content_hash = null where user_id = $1`, [userId]);
    await update(userId);
    expect(await columnsOf(userId, 'attempts, content_hash')).to.deep.equal(before);
    await expectSound(domain, userId);
  });

  it('follow the version asked for with the next update', async () => {
    const userId = idOf('learner by hand', 4);
    await answer(userId, [{ day: '2025-11-01', topic: third, question: 1, isCorrect: false }]);
    await update(userId, 1);
    await expectSound(domain, userId);
    const [row] = await columnsOf(userId, 'priority_score, calculation_version, importance_terms');
    // Never practised, weight 9, one topic needs it: 3 · 1 + 2 · 9 + 1 · 1 + 1.5 · 0.
    expect(row).to.deep.equal({ topic_id: first, priority_score: 22, calculation_version: 1, importance_terms: [] });
    await update(userId, 2);
    await expectSound(domain, userId);
    const versions = await columnsOf(userId, 'calculation_version as version');
    expect(versions.map((gap) => (gap as { version: number }).version)).to.deep.equal([2, 2, 2]);
  });

  it('follow another curriculum with the next update, and are sound until then', async () => {
    const userId = idOf('learner by hand', 5);
    await answer(userId, [{ day: '2025-11-01', topic: first, question: 1, isCorrect: false }]);
    await update(userId);
    const added = { id: idOf('added topic', 1), level: 0, slug: 'added', name: 'Added', boardExamWeight: 10 };
    const question = { id: idOf('added question', 1), topicId: added.id, correctAnswer: 'A', options: ['A', 'B'] };
    await importCurriculum(domain.app, { topics: [added], questions: [question] });
    await sql(domain, `delete from pgboss.job where data ->> 'userId' = $1`, [userId]); // done by the update above
    await expectSound(domain, userId);
    await update(userId);
    await expectSound(domain, userId);
    expect((await columnsOf(userId, 'exam_weight')).map((row) => (row as { topic_id: string }).topic_id)).to.include(
      added.id,
    );
  });

  it('are none before a topic was studied', async () => {
    const userId = idOf('learner by hand', 6);
    const input = {
      eventType: 'session_start',
      eventId: eventIdAt('2025-11-01T10:00:00Z'),
      sessionId: idOf('session', 1),
    };
    await record(domain, { userId, items: [{ input, origin: { clientIp: null, deviceType: null } }] });
    await update(userId);
    expect(await gapsOf(userId)).to.deep.equal([]);
    await expectSound(domain, userId);
  });
});
