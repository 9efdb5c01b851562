import { expect } from 'chai';
import {
  getDashboard,
  getMaterialProgress,
  getQuestionHistory,
  importCurriculum,
  recordEvents,
  runNights,
  runRetention,
  updateLearner,
} from '@studyin/domain/services';
import type { App, RetentionReport } from '@studyin/domain/services';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { boundary, countOf, derivedOf, openRetentionDomain, splitHistory, studyAt, today } from './retention-domain.ts';
import type { RetentionDomain } from './retention-domain.ts';
import { expectSound, sql } from './verify-domain.ts';

const oldFacts = `created_at < '${boundary}'`;

/** What a learner's dashboards show, but for what each answer was: those that were dropped are not shown. */
async function shownTo(app: App, userId: string): Promise<unknown> {
  const dashboard = await getDashboard(app, { userId, today: '2024-05-20' });
  const materials = await getMaterialProgress(app, { userId, limit: 100 });
  const questions = [];
  for (let n = 0; n < 16; n += 1) {
    const history = await getQuestionHistory(app, { userId, questionId: idOf('history question', n), limit: 200 });
    const recent = history.attempts.filter(({ attemptedAt }) => attemptedAt >= boundary);
    questions.push({ ...history, attempts: recent.map((attempt) => ({ ...attempt, daysSinceLastAttempt: 0 })) });
  }
  return { dashboard, materials, questions };
}

describe('retention', function () {
  this.timeout(120_000);
  let domain: RetentionDomain;
  // The same facts, and nobody drops them.
  let twin: RetentionDomain;
  before(async () => {
    domain = await openRetentionDomain();
    twin = await openRetentionDomain();
  });
  after(async () => {
    await domain.close();
    await twin.close();
  });

  const seeds = [1, 2, 3, 4];
  const learners = seeds.map((seed) => ({ userId: idOf('old learner', seed), ...splitHistory(seed) }));
  const stood = new Map<string, { derived: unknown; shown: unknown }>();
  let report: RetentionReport;

  before(async () => {
    for (const { userId, early } of learners) {
      for (const { past } of [domain, twin]) await studyAt(past, { userId, items: early });
      stood.set(userId, { derived: await derivedOf(domain, userId), shown: await shownTo(domain.app, userId) });
    }
  });

  it('says what it would do, and does nothing of it', async () => {
    const dry = await runRetention(domain.app, { today, dryRun: true });
    expect(dry).include({ boundary, dryRun: true, learners: learners.length });
    expect(dry.months.map(({ month }) => month)).include('2024-03');
    expect(dry.months.reduce((sum, { events }) => sum + events, 0)).equal(
      await countOf(domain, 'study_events', oldFacts),
    );
    expect(dry.sessions).greaterThan(0);
    expect(await countOf(domain, 'learner_checkpoints')).equal(0);
    report = dry;
  });

  it('drops whole months, and no derived row and no number of a dashboard changes by it', async () => {
    expect(await countOf(domain, 'study_events', oldFacts)).greaterThan(200);
    const done = await runRetention(domain.app, { today });
    expect(done).eql({ ...report, dryRun: false });
    expect(await countOf(domain, 'study_events', oldFacts)).equal(0);
    expect(await countOf(domain, 'question_attempts', `attempted_at < '${boundary}'`)).equal(0);
    expect(await countOf(domain, 'study_events')).greaterThan(200);
    for (const { userId } of learners) {
      expect(await derivedOf(domain, userId)).eql(stood.get(userId)?.derived);
      expect(await shownTo(domain.app, userId)).eql(stood.get(userId)?.shown);
      await expectSound(domain, userId);
    }
  });

  it('has nothing more to do the second time', async () => {
    const again = await runRetention(domain.app, { today });
    const { oldRows } = again;
    expect(again).eql({ boundary, dryRun: false, learners: 0, months: [], interactions: 0, sessions: 0, oldRows });
  });

  it('a later update that has nothing to do writes no row', async () => {
    const versions = async () =>
      sql(domain, `select user_id, question_id, xmin::text from question_progress order by 1, 2`);
    const stored = await versions();
    for (const { userId } of learners) await updateLearner(domain.app, { userId });
    expect(await versions()).eql(stored);
  });

  it('a late event ends in the rows that it would have ended in before', async () => {
    for (const { userId, late } of learners) {
      expect(late).not.empty;
      for (const { app } of [domain, twin]) {
        const half = Math.ceil(late.length / 2);
        await studyAt(app, { userId, items: late.slice(0, half) });
        await studyAt(app, { userId, items: late.slice(half) });
      }
      await expectSound(twin, userId);
      await expectSound(domain, userId);
      expect(await derivedOf(domain, userId)).eql(await derivedOf(twin, userId));
      expect(await sessionsOf(domain, userId)).eql(await sessionsOf(twin, userId));
      expect(await shownTo(domain.app, userId)).eql(await shownTo(twin.app, userId));
    }
  });

  it('keeps counting answers: neither accepted ones nor attempt numbers fall', async () => {
    const select = `select user_id, answers::int from learners order by 1`;
    expect(await sql(domain, select)).eql(await sql(twin, select));
    const answers = await sql<{ userId: string; input: object }>(
      domain,
      `select user_id as "userId", jsonb_strip_nulls(jsonb_build_object('eventType', event_type, 'eventId', id,
          'sessionId', session_id, 'timezone', timezone, 'questionId', question_id, 'topicId', topic_id)) ||
          jsonb_build_object('properties', properties) as input
        from study_events where event_type = 'question_attempt' order by created_at limit 100`,
    );
    const origin = { clientIp: null, deviceType: null };
    const again = answers.map((answer) => ({ ...answer, origin, hasStoredSession: true, isNumbered: true }));
    const { results } = await recordEvents(twin.app, again);
    expect(results.filter(({ status, attempt }) => status === 'duplicate' && (attempt?.attemptNumber ?? 0) > 2)).not
      .empty;
    expect((await recordEvents(domain.app, again)).results).eql(results);
    const numbered = `select id, attempt_number, is_first_attempt from question_attempts_numbered
      where attempted_at >= '${boundary}' order by id`;
    expect(await sql(domain, numbered)).eql(await sql(twin, numbered));
  });

  it('every scheduler goes on from the checkpoint', async () => {
    for (const scheduler of ['sm2', 'sm2-seed', 'fsrs-6'] as const) {
      for (const { userId } of learners.slice(0, 3)) {
        for (const { app } of [domain, twin]) {
          expect(await updateLearner({ ...app, scheduler }, { userId })).include({ refolded: true });
        }
        await expectSound(domain, userId);
        expect(await derivedOf(domain, userId)).eql(await derivedOf(twin, userId));
      }
    }
  });

  it('a night forgets, and tells gaps, as if nothing had been dropped', async () => {
    const clock = { fixedAt: new Date('2024-05-26T12:00:00Z') };
    for (const { app } of [domain, twin]) await runNights({ ...app, clock });
    for (const { userId } of learners) {
      const expected = await derivedOf(twin, userId);
      expect(expected['knowledge_gaps']).not.empty;
      expect(await derivedOf(domain, userId)).eql(expected);
      await expectSound(domain, userId);
    }
  });

  it('another curriculum folds anew from the checkpoint', async () => {
    const [userId = ''] = learners.map((learner) => learner.userId);
    const materials = [5, 6].map((n) => ({
      id: idOf('new material', n),
      topicId: idOf('history topic', 1),
      kind: 'pdf',
    }));
    for (const { app } of [domain, twin]) {
      await importCurriculum(app, { materials });
      expect(await updateLearner(app, { userId })).include({ refolded: true });
    }
    await expectSound(domain, userId);
    const { question_progress: questions, daily_user_stats: days } = await derivedOf(domain, userId);
    const expected = await derivedOf(twin, userId);
    expect(questions).eql(expected['question_progress']);
    expect(days).eql(expected['daily_user_stats']);
  });

  it('items are told of the same answers whether older ones are dropped yet or not', async () => {
    for (const target of [domain, twin]) {
      const [old] = await sql(target, `select from question_attempts where attempted_at < '${boundary}' limit 1`);
      expect(old === undefined).equal(target === domain);
      await runNights(target.app);
    }
    const items = await itemsOf(domain);
    expect(items).not.empty;
    expect(items).eql(await itemsOf(twin));
  });

  it('goes on from the last checkpoint when a month has passed, in the night and by itself', async () => {
    const now = new Date('2026-04-02T12:00:00Z');
    const steps = await runNights({ ...domain.app, clock: { fixedAt: now } });
    expect(steps.find(({ step }) => step === 'checkpoints')).include({ rows: learners.length, differences: 0 });
    expect(steps.find(({ step }) => step === 'retention')?.rows).greaterThan(50);
    expect(steps.reduce((sum, { differences }) => sum + differences, 0)).equal(0);
    expect(await countOf(domain, 'study_events', `created_at < '2024-05-01'`)).equal(0);
    expect(await countOf(domain, 'learner_checkpoints', `boundary = '2024-05-01'`)).equal(learners.length);
    for (const { userId } of learners) await expectSound(domain, userId);
    // Nobody has answered since.
    expect(await itemsOf(domain)).eql([]);
  });
});

/** What is known of each item, without when it was computed. */
function itemsOf(domain: TestDomain): Promise<readonly { readonly id: string }[]> {
  return sql(
    domain,
    `select question_id as id, to_jsonb(q) - 'calculated_at' as row from question_statistics q order by question_id, version`,
  );
}

async function sessionsOf(domain: TestDomain, userId: string): Promise<readonly unknown[]> {
  return sql(
    domain,
    `select to_jsonb(s) from study_sessions s where user_id = $1 and last_event_at >= '2024-03-30' order by 1`,
    [userId],
  );
}
