// From tracked answers to due days, by each scheduler; the numbers are worked out by hand.
import { expect } from 'chai';
import type { Scheduler } from '@studyin/domain/algorithms';
import { importCurriculum, recordEvents, updateLearner } from '@studyin/domain/services';
import type { UpdateOutcome } from '@studyin/domain/services';
import { eventIdAt, idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { expectSound, sql } from './verify-domain.ts';

type AnswerInput = {
  readonly at: string;
  readonly isCorrect: boolean;
  readonly question?: number;
  readonly topic?: number;
  readonly properties?: object;
};

const [heart, lung] = [idOf('topic', 1), idOf('topic', 2)];

describe('review schedules', () => {
  let domain: TestDomain;
  let learners = 0;
  let userId: string;

  before(async () => {
    domain = await openTestDomain({ fixedAt: new Date('2026-03-20T12:00:00Z') });
    await sql(domain, `select ensure_partitions('2026-03-20T12:00:00Z')`);
    await importCurriculum(domain.app, {
      topics: [
        { id: heart, level: 0, slug: 'heart', name: 'Heart' },
        { id: lung, level: 0, slug: 'lung', name: 'Lung' },
      ],
    });
  });
  after(() => domain.close());
  beforeEach(() => {
    learners += 1;
    userId = idOf('learner', learners);
  });

  async function answer(inputs: readonly AnswerInput[]): Promise<void> {
    const { results } = await recordEvents(
      domain.app,
      inputs.map(({ at, isCorrect, question = 1, topic = 1, properties = {} }, n) => ({
        userId,
        input: {
          eventType: 'question_attempt',
          eventId: eventIdAt(at, n),
          sessionId: idOf('session', learners),
          timezone: 'America/Los_Angeles',
          questionId: idOf('question', question),
          topicId: idOf('topic', topic),
          properties: { selectedAnswer: 'A', isCorrect, timeToAnswerSeconds: 60, ...properties },
        },
        origin: { clientIp: null, deviceType: null },
      })),
    );
    expect(results.map(({ status }) => status)).to.deep.equal(inputs.map(() => 'accepted'));
  }

  const update = (scheduler: Scheduler = 'fsrs-6'): Promise<UpdateOutcome> =>
    updateLearner({ ...domain.app, scheduler }, { userId });

  const questions = (): Promise<readonly object[]> =>
    sql(
      domain,
      `select due_day::text as due, interval_days as days, stability, difficulty, easiness, repetitions, scheduler
      from question_progress where user_id = $1 order by question_id`,
      [userId],
    );
  const dueDays = async (): Promise<readonly unknown[]> =>
    (await questions()).map((row) => (row as { readonly due: string }).due);
  const topics = (): Promise<readonly object[]> =>
    sql(
      domain,
      `select next_review_day::text as due, review_interval_days as days from topic_mastery where user_id = $1 order by topic_id`,
      [userId],
    );

  it('begin with the published stabilities: right 2.3065 days, with a hint 1.2931, wrong 0.212', async () => {
    await answer([
      { at: '2026-03-02T20:00:00Z', isCorrect: true, question: 1 },
      { at: '2026-03-02T20:01:00Z', isCorrect: true, question: 2, properties: { hintUsed: true } },
      { at: '2026-03-02T20:02:00Z', isCorrect: true, question: 3, properties: { explanationViewed: true } },
      { at: '2026-03-02T20:03:00Z', isCorrect: false, question: 4 },
    ]);
    await update();
    const rows = (await questions()) as readonly { stability: number; difficulty: number; days: number }[];
    expect(rows.map(({ stability }) => stability)).to.deep.equal([2.3065, 1.2931, 1.2931, 0.212]);
    expect(rows.map(({ days }) => days)).to.deep.equal([2, 1, 1, 1]);
    expect(await dueDays()).to.deep.equal(['2026-03-04', '2026-03-03', '2026-03-03', '2026-03-03']);
    // w₄ − e^(2 w₅) + 1
    expect(rows[0]?.difficulty).to.be.closeTo(6.4133 - Math.exp(2 * 0.8334) + 1, 1e-6);
    expect(rows[0]).to.include({ easiness: null, repetitions: null, scheduler: 'fsrs-6' });
    expect(await topics()).to.deep.equal([{ due: '2026-03-03', days: 1 }]);
  });

  it('by sm2-seed follow 1, 6 and ⌊6 · 1.5⌋ days, and start again after a wrong answer', async () => {
    const days = ['2026-03-01', '2026-03-02', '2026-03-08'];
    for (const day of days) {
      await answer([{ at: `${day}T20:00:00Z`, isCorrect: true }]);
      await update('sm2-seed');
    }
    const nothing = { stability: null, difficulty: null, easiness: null, repetitions: null };
    expect(await questions()).to.deep.equal([{ due: '2026-03-17', days: 9, ...nothing, scheduler: 'sm2-seed' }]);
    await answer([{ at: '2026-03-17T20:00:00Z', isCorrect: false }]);
    await update('sm2-seed');
    expect(await dueDays()).to.deep.equal(['2026-03-18']);
  });

  it('by sm2 follow 1, 6 and 6 · 2.5 days, and carry easiness and repetitions', async () => {
    for (const day of ['2026-03-01', '2026-03-02', '2026-03-08']) {
      await answer([{ at: `${day}T20:00:00Z`, isCorrect: true }]);
      await update('sm2');
    }
    const memory = { stability: null, difficulty: null };
    expect(await questions()).to.deep.equal([
      { due: '2026-03-23', days: 15, ...memory, easiness: 2.5, repetitions: 3, scheduler: 'sm2' },
    ]);
  });

  it('are replayed when the scheduler is another one, and going back is where they were', async () => {
    await answer([
      { at: '2026-03-01T20:00:00Z', isCorrect: true },
      { at: '2026-03-05T20:00:00Z', isCorrect: false, question: 2 },
      { at: '2026-03-06T20:00:00Z', isCorrect: true },
    ]);
    await update();
    const byFsrs = await questions();
    for (const scheduler of ['sm2', 'sm2-seed'] as const) {
      expect(await update(scheduler)).to.include({ answersFolded: 3, refolded: true });
      expect(await questions()).to.not.deep.equal(byFsrs);
      await expectSound(domain, userId);
      expect(await update(scheduler)).to.include({ answersFolded: 0, refolded: false });
    }
    await update();
    expect(await questions()).to.deep.equal(byFsrs);
  });

  it('are replayed when an answer comes late', async () => {
    const early = { at: '2026-03-01T20:00:00Z', isCorrect: false };
    const late = { at: '2026-03-09T20:00:00Z', isCorrect: true };
    await answer([late]);
    await update();
    const alone = await dueDays();
    await answer([early]);
    expect(await update()).to.include({ answersFolded: 2, refolded: true });
    const [row] = await questions();
    expect(await dueDays()).to.not.deep.equal(alone);
    userId = idOf('learner in order', learners);
    await answer([early, late]);
    await update();
    expect((await questions())[0]).to.deep.equal(row);
  });

  it('count study days: two answers 20 minutes apart are one day on either side of UTC midnight', async () => {
    const first = { at: '2026-03-01T20:00:00Z', isCorrect: true };
    await answer([
      first,
      { at: '2026-03-04T20:00:00Z', isCorrect: true },
      { at: '2026-03-04T20:20:00Z', isCorrect: true },
    ]);
    await update();
    const [byDay] = await questions();
    userId = idOf('learner at midnight', learners);
    await answer([
      first,
      { at: '2026-03-04T23:50:00Z', isCorrect: true },
      { at: '2026-03-05T00:10:00Z', isCorrect: true },
    ]);
    await update();
    expect((await questions())[0]).to.deep.equal(byDay);
  });

  it("make a topic's next review that of its first due question, by the topic the question counts in", async () => {
    await answer([
      { at: '2026-03-02T20:00:00Z', isCorrect: true, question: 1, topic: 1 },
      { at: '2026-03-02T20:01:00Z', isCorrect: true, question: 2, topic: 2 },
    ]);
    await update();
    expect(await topics()).to.deep.equal([
      { due: '2026-03-04', days: 2 },
      { due: '2026-03-04', days: 2 },
    ]);
    // Question 1 counts in topic 1 though it is answered in topic 2 now.
    await answer([{ at: '2026-03-04T20:00:00Z', isCorrect: false, question: 1, topic: 2 }]);
    expect(await update()).to.include({ refolded: false });
    expect(await topics()).to.deep.equal([
      { due: '2026-03-05', days: 1 },
      { due: '2026-03-04', days: 2 },
    ]);
    await expectSound(domain, userId);
  });
});
