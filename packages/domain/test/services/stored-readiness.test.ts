// The readiness that an overview keeps: that of the dashboard, whatever wrote the row last.
import { expect } from 'chai';
import { getOverview, getReadiness, importCurriculum, updateLearner } from '@studyin/domain/services';
import { historyTopicIds, randomHistory } from '@studyin/testkit/random-history';
import type { HistoryItem } from '@studyin/testkit/random-history';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { moveLearners } from '../../src/services/nightly/move-learners.ts';
import { activateTestModel } from './test-model.ts';
import { expectSound, openVerifyDomain, record, sql, startMs } from './verify-domain.ts';

const NIGHT = '2026-01-31';
const allLearners = { fromUserId: '00000000-0000-0000-0000-000000000000', toUserId: null };

/** The answers of a random history, the first `count` of them. */
function answersOf(seed: number, count: number): readonly HistoryItem[] {
  const answers = randomHistory({ seed, startMs, sessions: 40 }).filter(
    ({ input }) => input['eventType'] === 'question_attempt',
  );
  expect(answers.length).to.be.greaterThan(count - 1);
  return answers.slice(0, count);
}

describe('the readiness that an overview keeps', () => {
  let domain: TestDomain;
  before(async () => {
    domain = await openVerifyDomain();
  });
  after(() => domain.close());

  const storedOf = async (userId: string): Promise<number | null> =>
    (await getOverview(domain.app, { userId })).readiness;
  /** The stored one is sound, and what the dashboard says. */
  const expectShown = async (userId: string): ReturnType<typeof getReadiness> => {
    await expectSound(domain, userId);
    const shown = await getReadiness(domain.app, { userId });
    expect(await storedOf(userId)).to.equal(shown.insufficient.length === 0 ? shown.score : null);
    return shown;
  };
  const follow = async (userId: string, items: readonly HistoryItem[]): Promise<void> => {
    await record(domain, { userId, items });
    await updateLearner(domain.app, { userId });
  };

  it('is none before a version of the model was learned from answers', async () => {
    const userId = idOf('ready learner', 1);
    await follow(userId, answersOf(1, 40));
    expect((await expectShown(userId)).insufficient).to.deep.equal(['no_model']);
  });

  it('is none before there are enough answers, then follows each of them, late ones too', async () => {
    const userId = idOf('ready learner', 2);
    await activateTestModel(domain, 1);
    const items = answersOf(2, 40);
    await follow(userId, items.slice(1, 30));
    expect((await expectShown(userId)).insufficient).to.deep.equal(['few_answers']);
    await follow(userId, items.slice(30));
    const { score } = await expectShown(userId);
    expect(score).to.be.within(0.05, 0.95);
    await follow(userId, items.slice(0, 1));
    expect((await expectShown(userId)).score).to.not.equal(score);
  });

  it('moves with a night, which also writes it into a row that has none yet', async () => {
    const userId = idOf('ready learner', 3);
    await follow(userId, answersOf(3, 40));
    const { score } = await expectShown(userId);
    // As a release before this one has left it.
    await sql(domain, `update user_learning_metrics set readiness = null, calculation_version = 1 where user_id = $1`, [
      userId,
    ]);
    await expectSound(domain, userId);
    await moveLearners(domain.app, allLearners, NIGHT);
    const moved = await expectShown(userId);
    expect(moved.asOf).to.equal('2026-02-01T00:00:00.000Z');
    expect(moved.score).to.be.lessThan(score ?? 0);
  });

  it('follows another curriculum with the next update, and is sound until then', async () => {
    const userId = idOf('ready learner', 4);
    await follow(userId, answersOf(4, 40));
    const { score } = await expectShown(userId);
    const [first] = historyTopicIds;
    const topic = {
      id: first ?? '',
      parentId: null,
      level: 0,
      slug: 'history-0',
      name: 'Topic 0',
      boardExamWeight: 10,
    };
    await importCurriculum(domain.app, { topics: [topic] });
    await sql(domain, `delete from pgboss.job where data ->> 'userId' = $1`, [userId]); // done by the update below
    await expectSound(domain, userId);
    expect(await storedOf(userId)).to.equal(score);
    await updateLearner(domain.app, { userId });
    expect((await expectShown(userId)).score).to.not.equal(score);
  });
});
