// What the worker stored, taken apart again: on a real database, since the terms must add up to the stored number to the bit.
import { expect } from 'chai';
import { explainOutput, gapsOutput } from '@studyin/api/schemas/dashboard-gaps';
import { reviewQueueOutput } from '@studyin/api/schemas/dashboard-reviews';
import { forgettingCurveOutput, readinessOutput } from '@studyin/api/schemas/dashboard-readiness';
import { scoreOfTerms } from '@studyin/domain/algorithms';
import {
  explainTopic,
  getDashboard,
  getForgettingCurve,
  getReadiness,
  listDueReviews,
  listGaps,
  updateLearner,
} from '@studyin/domain/services';
import { randomHistory } from '@studyin/testkit/random-history';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { activateTestModel } from '../test-model.ts';
import { openVerifyDomain, record, sql, startMs } from '../verify-domain.ts';
import { expectAnswer, refusalOf } from './fixture.ts';

const sumOf = (terms: readonly { readonly contribution: number }[]): number =>
  terms.reduce((sum, { contribution }) => sum + contribution, 0);

describe('explainTopic', () => {
  let domain: TestDomain;
  const learners = [1, 2].map((n) => ({ userId: idOf('explained learner', n), gapVersion: n === 1 ? 1 : 2 }) as const);
  before(async () => {
    domain = await openVerifyDomain();
    for (const [n, { userId, gapVersion }] of learners.entries()) {
      await record(domain, { userId, items: randomHistory({ seed: n + 40, startMs }) });
      await updateLearner({ ...domain.app, gapVersion }, { userId });
    }
  });
  after(() => domain.close());

  it('gives terms that add up to the stored mastery and to the stored priority, to the bit', async () => {
    for (const { userId, gapVersion } of learners) {
      const stored = await sql<{ topicId: string; score: number }>(
        domain,
        `select topic_id as "topicId", mastery_score as score from topic_mastery where user_id = $1 and mastery_score is not null`,
        [userId],
      );
      expect(stored).to.not.be.empty;
      for (const { topicId, score } of stored) {
        const { mastery } = await explainTopic(domain.app, { userId, topicId });
        expect(mastery?.score).to.equal(score);
        expect(sumOf(mastery?.terms ?? [])).to.equal(score);
      }
      const { gaps } = await listGaps(domain.app, { userId, limit: 50 });
      expect(gaps).to.not.be.empty;
      for (const [n, { topicId, priorityScore, terms, importance, reasons }] of gaps.entries()) {
        const explained = await explainTopic(domain.app, { userId, topicId });
        expectAnswer(explainOutput, explained);
        expect(explained.gap).to.deep.include({ rank: n + 1, priorityScore, reasons, calculationVersion: gapVersion });
        expect(sumOf(explained.gap?.terms ?? [])).to.equal(priorityScore);
        expect(sumOf(terms)).to.equal(priorityScore);
        expect(explained.gap?.importance.map(({ text: _text, ...term }) => term)).to.deep.equal(importance);
      }
    }
  });

  it('has nothing to say of a topic that is no gap and was never answered', async () => {
    const { userId } = learners[0] ?? { userId: '' };
    await sql(domain, `insert into learners (user_id) values ($1)`, [idOf('explained learner', 3)]);
    const topicId = idOf('history topic', 4);
    const nothing = await explainTopic(domain.app, { userId: idOf('explained learner', 3), topicId });
    expectAnswer(explainOutput, nothing);
    expect(nothing).to.deep.equal({ topicId, slug: 'history-3', name: 'Topic 3', mastery: null, gap: null });
    const unknown = explainTopic(domain.app, { userId, topicId: idOf('no topic', 1) });
    expect(await refusalOf(unknown)).to.equal('not_found topicId');
    const stranger = explainTopic(domain.app, { userId: idOf('stranger', 1), topicId });
    expect(await refusalOf(stranger)).to.equal('not_found userId');
  });

  it('and the first screen show the gaps and the due reviews that the worker stored', async () => {
    const { userId } = learners[1] ?? { userId: '' };
    const today = '2026-01-31';
    const gaps = await listGaps(domain.app, { userId, limit: 10 });
    const queue = await listDueReviews(domain.app, { userId, today, limit: 200 });
    expectAnswer(gapsOutput, gaps);
    expectAnswer(reviewQueueOutput, queue);
    expect(queue.total).to.be.greaterThan(5);
    expect(queue.retrievability).to.deep.equal(queue.retrievability.toSorted((a, b) => (a ?? 2) - (b ?? 2)));
    const shown = await getDashboard(domain.app, { userId, today });
    expect(shown.gaps).to.deep.equal(gaps);
    expect(shown.due).to.deep.equal({ asOf: today, count: queue.total, overdue: queue.total });
  });

  it('says before a version of the model was fitted that readiness says little', async () => {
    const { userId } = learners[0] ?? { userId: '' };
    const readiness = await getReadiness(domain.app, { userId });
    expectAnswer(readinessOutput, readiness);
    expect(readiness).to.deep.include({ modelVersion: 0 });
    expect(readiness.insufficient).to.include('no_model');
    expect(await refusalOf(getReadiness(domain.app, { userId: idOf('stranger', 1) }))).to.equal('not_found userId');
  });

  it('takes a score of version 2 apart: terms to the bit, what would change it, and what moved it', async () => {
    const userId = idOf('explained learner', 4);
    await activateTestModel(domain, 1);
    await record(domain, { userId, items: randomHistory({ seed: 44, startMs }) });
    await updateLearner(domain.app, { userId });
    const stored = await sql<{ topicId: string; score: number; answers: number }>(
      domain,
      `select topic_id as "topicId", mastery_score as score, questions_attempted as answers from topic_mastery
      where user_id = $1 and mastery_score is not null`,
      [userId],
    );
    expect(stored).to.not.be.empty;
    for (const { topicId, score, answers } of stored) {
      const explained = await explainTopic(domain.app, { userId, topicId });
      expectAnswer(explainOutput, explained);
      const { mastery } = explained;
      expect(mastery).to.deep.include({ score, unit: 'log_odds', calculationVersion: 2, modelVersion: 1 });
      expect(scoreOfTerms(mastery?.terms ?? [])).to.equal(score);
      expect(mastery?.changes.map(({ code }) => code)).to.include('right_answer');
      expect(mastery?.movers).to.have.length(Math.min(5, answers));
      const sizes = mastery?.movers.map(({ logOdds }) => Math.abs(logOdds)) ?? [];
      expect(sizes).to.deep.equal(sizes.toSorted((a, b) => b - a));
      for (const { isCorrect, logOdds } of mastery?.movers ?? []) if (isCorrect) expect(logOdds).to.be.at.least(0);
      const curve = await getForgettingCurve(domain.app, { userId, topicId, today: '2025-11-30', days: 90 });
      expectAnswer(forgettingCurveOutput, curve);
      expect(curve.expected.recall[0]).to.equal(curve.expected.questions === 0 ? undefined : 1);
      const counted = curve.observed.reviews.reduce((sum, reviews) => sum + reviews, 0);
      expect(curve.young.reviews + curve.mature.reviews).to.equal(counted);
    }
    const readiness = await getReadiness(domain.app, { userId });
    expectAnswer(readinessOutput, readiness);
    expect(readiness.insufficient).to.not.include('no_model');
    expect(readiness.score).to.be.within(readiness.low ?? 1, readiness.high ?? 0);
    expect(readiness.systems.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-9);
  });
});
