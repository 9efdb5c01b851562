// Whoever may look at a learner's dashboard sees the numbers that the learner sees: computed apart, on servers of their own.
import { expect } from 'chai';
import { updateLearner } from '@studyin/domain/services';
import { awayFromMidnight } from '@studyin/testkit/away-from';
import { dashboardCalls } from './dashboard-calls.ts';
import { startSecondApi, startTestApi, tokenFor } from './test-api.ts';
import type { SecondApi, TestApi } from './test-api.ts';
import { openTestApp } from './test-app.ts';
import { addCurriculum, attempt, materialId, newId, newLearner, sessionId } from './test-curriculum.ts';

describe('a learner, their instructor and an admin', function () {
  this.timeout(60_000);
  let mine: TestApi;
  let theirs: SecondApi;
  const [learner, instructor, admin] = [newLearner(), newLearner(), newLearner()];

  before(async () => {
    await awayFromMidnight(30_000);
    mine = await startTestApi();
    await addCurriculum(mine);
    theirs = await startSecondApi(mine);
    const token = await tokenFor(learner, 'learner');
    for (const selectedAnswer of ['A', 'B', 'A', 'A']) {
      await mine.mutate('tracking.questionAttempt', attempt({ selectedAnswer }), { token });
    }
    const reading = { eventId: newId(), sessionId, materialId, durationSeconds: 30 };
    await mine.mutate('tracking.materialInteraction', reading, { token });
    const worker = await openTestApp(mine);
    await updateLearner(worker.app, { userId: learner });
    await worker.close();
    const cohort = newLearner();
    await mine.sql(`insert into cohorts (id, name) values ($1, 'first year')`, [cohort]);
    await mine.sql(
      `insert into cohort_members (cohort_id, user_id, role) values ($1, $2, 'learner'), ($1, $3, 'instructor')`,
      [cohort, learner, instructor],
    );
  });
  after(async () => {
    await theirs.stop();
    await mine.stop();
  });

  const expectSame = async (path: string, input: object): Promise<void> => {
    const headers = { 'x-access-reason': 'support ticket 17' };
    const own = await mine.query(path, input, { token: await tokenFor(learner, 'learner') });
    expect(own.status, own.text).to.equal(200);
    for (const [userId, role] of [
      [instructor, 'instructor'],
      [admin, 'admin'],
    ] as const) {
      // A version that nobody has asked for: what they see is computed for them.
      await mine.sql('update learners set watermark = watermark + 1 where user_id = $1', [learner]);
      const token = await tokenFor(userId, role);
      const seen = await theirs.query(path, { ...input, userId: learner }, { token, headers });
      expect([seen.status, seen.data], `${role}: ${seen.text}`).to.deep.equal([200, own.data]);
    }
  };

  for (const [path, input] of dashboardCalls) it(`see the same in ${path}`, () => expectSame(path, input));
});
