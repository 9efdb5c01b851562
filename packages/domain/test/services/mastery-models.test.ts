import { expect } from 'chai';
import { eloModel } from '@studyin/domain/algorithms';
import { eventIdFor } from '@studyin/domain/events';
import { refoldLearnersJob } from '@studyin/domain/jobs';
import {
  activateModel,
  compareModel,
  isRefitDue,
  listModels,
  recordEvents,
  refitModel,
  refoldLearners,
  updateLearner,
  verify,
} from '@studyin/domain/services';
import type { Refit } from '@studyin/domain/services';
import { createDice } from '@studyin/testkit/dice';
import { historyQuestionIds, historyTopicIds } from '@studyin/testkit/random-history';
import { idOf } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { rowsOfLearners } from './learner-rows.ts';
import { openVerifyDomain, sql, startMs } from './verify-domain.ts';

const LEARNERS = 32;
const ANSWERS = 100;
const everyone = { fromUserId: '00000000-0000-0000-0000-000000000000', toUserId: null };
const userIds = Array.from({ length: LEARNERS }, (_, n) => idOf('pupil', n));
const origin = { clientIp: null, deviceType: null };

/** Answers of learners who differ as much as the questions do. */
function answersOf(user: number, count: number) {
  const dice = createDice(user);
  return Array.from({ length: count }, (_, n) => {
    const question = dice.int(0, 7); // those of the curriculum: the key is A
    const chance = 1 / (1 + Math.exp(-(user / 8 - 2 + (question - 3.5) / 2)));
    return {
      origin,
      userId: userIds[user] ?? '',
      input: {
        eventType: 'question_attempt',
        eventId: eventIdFor(startMs + user * 1_000 + n * 3_600_000, `${user} ${n}`),
        sessionId: idOf('pupil session', user),
        questionId: historyQuestionIds[question] ?? '',
        topicId: historyTopicIds[question % 3] ?? '',
        properties: { selectedAnswer: dice.next() < chance ? 'A' : 'B', timeToAnswerSeconds: 10 },
      },
    };
  });
}

async function studyAll(domain: TestDomain, count: number): Promise<void> {
  for (let user = 0; user < LEARNERS; user += 1) {
    const { results } = await recordEvents(domain.app, answersOf(user, count));
    expect(results.every(({ status }) => status === 'accepted' || status === 'duplicate')).equal(true);
    await updateLearner(domain.app, { userId: userIds[user] ?? '' });
  }
}

describe('versions of the mastery model', function () {
  this.timeout(60_000);
  let domain: TestDomain;
  let made: Refit;
  let under0: Awaited<ReturnType<typeof rowsOfLearners>>;
  before(async () => {
    domain = await openVerifyDomain();
  });
  after(() => domain.close());

  const versions = () =>
    sql<{ version: number; score: number; rows: number }>(
      domain,
      `select p.model_version as version, count(*)::int as rows
      from learner_progress p join topic_mastery t using (user_id)
      where t.calculation_version = case when p.model_version = 0 then 1 else 2 end
        and t.mastery_score is not distinct from case when p.model_version = 0 then t.score_v1 else t.score_v2 end
      group by 1 order by 1`,
    );
  const sound = async (): Promise<void> => {
    const { ok, invariants } = await verify(domain.app, { userIds });
    expect(ok, invariants.flatMap(({ examples }) => examples).join('\n')).equal(true);
  };

  it('begin with plain Elo, and none is made of too few answers', async () => {
    expect(await listModels(domain.app)).to.have.length(1);
    await studyAll(domain, 20);
    expect(await isRefitDue(domain.app)).equal(false);
    expect(await refitModel(domain.app)).eql({ state: 'too_few', answers: 20 * LEARNERS, learners: LEARNERS });
    expect(await listModels(domain.app)).to.have.length(1);
  });

  it('are made of every stored answer, and not activated where nobody wants it', async () => {
    await studyAll(domain, ANSWERS);
    under0 = await rowsOfLearners(domain, userIds);
    expect(await isRefitDue(domain.app)).equal(true);
    made = await refitModel(domain.app, { activate: false });
    expect(made).include({ state: 'better', version: 1, answers: 3_200, fitted: 3_200, activation: null });
    const model = await domain.app.models.get(domain.app.database.reader, 1);
    const counted = await sql<{ id: string; total: number; right: number }>(
      domain,
      `select question_id as id, count(*)::int as total, count(*) filter (where is_correct)::int as right
      from question_attempts group by 1`,
    );
    expect(Object.fromEntries(model.questions)).eql(
      Object.fromEntries(counted.map(({ id, total, right }) => [id, { right, total }])),
    );
    expect(model.all.total).equal(3_200);
    expect((await listModels(domain.app)).map(({ active }) => active)).eql([true, false]);
    expect(await isRefitDue(domain.app)).equal(false);
  });

  it('tell before what they would change, which is what they change', async () => {
    const compared = await compareModel(domain.app, 1, { limitExamples: 3 });
    expect(compared).include({ version: 1, learners: LEARNERS, rows: 3 * LEARNERS });
    expect(await rowsOfLearners(domain, userIds)).eql(under0);
    expect(await activateModel(domain.app, 1)).eql({ version: 1, before: 0, learners: LEARNERS });
    const jobs = await sql<{ data: object }>(domain, `select data from pgboss.job where name = $1`, [
      refoldLearnersJob.name,
    ]);
    expect(jobs.map(({ data }) => data)).eql([{ version: 1, ...everyone }]);
    expect(await refoldLearners(domain.app, { version: 1, ...everyone })).eql({ learners: LEARNERS, failed: 0 });
    expect(await versions()).eql([{ version: 1, rows: 3 * LEARNERS }]);
    expect(compared.examples).to.have.length(3);
    for (const { userId, topicId, after } of compared.examples) {
      const [row] = await sql<{ score: number }>(
        domain,
        `select mastery_score as score from topic_mastery where user_id = $1 and topic_id = $2`,
        [userId, topicId],
      );
      expect(row?.score).closeTo(after, 1e-12);
    }
    await sound();
  });

  it('fold an answer in order onto what is there, and answer alone to the one that is active', async () => {
    await recordEvents(domain.app, answersOf(0, ANSWERS + 1).slice(-1));
    expect(await updateLearner(domain.app, { userId: userIds[0] ?? '' })).include({
      answersFolded: 1,
      refolded: false,
    });
    expect(await refoldLearners(domain.app, { version: 0, ...everyone })).eql({ learners: 0, failed: 0 });
    await sound();
  });

  it('are left by a learner as a whole, who is moved by their next update too', async () => {
    await activateModel(domain.app, 0);
    await recordEvents(domain.app, answersOf(1, ANSWERS + 1).slice(-1));
    expect(await updateLearner(domain.app, { userId: userIds[1] ?? '' })).include({ refolded: true });
    expect(await versions()).eql([
      { version: 0, rows: 3 },
      { version: 1, rows: 3 * (LEARNERS - 1) },
    ]);
    await sound(); // each learner under their own
  });

  it('are gone back from to the very rows that there were', async () => {
    await refoldLearners(domain.app, { version: 0, ...everyone });
    const untouched = userIds.slice(2);
    const now = await rowsOfLearners(domain, untouched);
    const isOf = (row: string): boolean => untouched.some((id) => row.includes(id));
    for (const [table, rows] of Object.entries(now)) {
      expect(rows, table).eql(under0[table]?.filter(isOf));
    }
  });

  it('do not become active when they forecast no better', async () => {
    await activateModel(domain.app, 1);
    await refoldLearners(domain.app, { version: 1, ...everyone });
    // The active version has seen all answers; a twin that has not seen the last fifth cannot beat it.
    const again = await refitModel(domain.app);
    expect(again).include({ state: 'not_better', version: 2, activation: null });
    expect((await listModels(domain.app)).map(({ active }) => active)).eql([false, true, false]);
  });

  it('must exist', async () => {
    const refusal = async (work: Promise<unknown>) => work.catch((error: unknown) => error);
    expect(await refusal(activateModel(domain.app, 9))).property('code', 'not_found');
    expect(await refusal(compareModel(domain.app, 9))).property('code', 'not_found');
    expect(await domain.app.models.get(domain.app.database.reader, 0)).equal(eloModel);
  });
});
