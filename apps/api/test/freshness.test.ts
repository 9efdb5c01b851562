// Two API servers on one database, each with a cache of its own, and a worker beside them: whatever is written on one is read on
// the other, and nothing older than what was read before.
import { expect } from 'chai';
import { findWatermark, getOverview, updateLearner } from '@studyin/domain/services';
import { connect } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { awayFrom } from '@studyin/testkit/away-from';
import { createDice } from '@studyin/testkit/dice';
import type { Dice } from '@studyin/testkit/dice';
import { waitFor } from '@studyin/testkit/wait-for';
import { createAnswerCache } from '../src/cache.ts';
import { dashboardCalls } from './dashboard-calls.ts';
import { startSecondApi, startTestApi, tokenFor } from './test-api.ts';
import type { SecondApi, TestApi } from './test-api.ts';
import { openTestApp } from './test-app.ts';
import { addCurriculum, attempt, materialId, newId, newLearner, sessionId, topicId } from './test-curriculum.ts';

type Worker = Awaited<ReturnType<typeof openTestApp>>;

const inputOf = new Map(dashboardCalls);
const procedures = [...inputOf.keys()];
// Where learners of these tests live a day begins at these minutes, UTC: at home, in Kiritimati, and in Etc/GMT+12.
const MIDNIGHTS = [0, 600, 720];

describe('two API servers on one database', function () {
  this.timeout(60_000);
  let a: TestApi;
  let b: SecondApi;
  let worker: Worker;
  before(async () => {
    await awayFrom(MIDNIGHTS, 30_000);
    a = await startTestApi();
    await addCurriculum(a);
    b = await startSecondApi(a);
    worker = await openTestApp(a);
  });
  after(async () => {
    await worker.close();
    await b.stop();
    await a.stop();
  });

  const ask = async (api: Pick<TestApi, 'query'>, path: string, token: string): Promise<unknown> => {
    const { status, data, text } = await api.query(path, inputOf.get(path), { token });
    expect(status, `${path}: ${text}`).to.equal(200);
    return data;
  };

  /** Asked of both, then once more of each after a bump, which no cache survives. */
  const expectFresh = async (userId: string, token: string, label: string): Promise<void> => {
    const shown = await Promise.all(procedures.flatMap((path) => [ask(a, path, token), ask(b, path, token)]));
    await a.sql('update learners set watermark = watermark + 1 where user_id = $1', [userId]);
    for (const [n, path] of procedures.entries()) {
      const fresh = await ask(b, path, token);
      expect(shown[2 * n], `${label}: ${path} of the first`).to.deep.equal(fresh);
      expect(shown[2 * n + 1], `${label}: ${path} of the second`).to.deep.equal(fresh);
    }
  };

  it('are never stale once the worker is idle, whatever was written where and read when', async () => {
    const dice = createDice(20261122);
    const userId = newLearner();
    const token = await tokenFor(userId, 'learner');
    await a.mutate('tracking.sessionStart', { eventId: newId(), sessionId }, { token });
    const playRound = async (round: number): Promise<void> => {
      const acts = Array.from({ length: 4 }, () => act(dice, { api: dice.pick([a, b]), token }));
      const reads = Array.from({ length: 12 }, () => ask(dice.pick([a, b]), dice.pick(procedures), token));
      await Promise.all([...acts, ...reads, updateLearner(worker.app, { userId })]);
      await updateLearner(worker.app, { userId });
      await expectFresh(userId, token, `round ${round}`);
    };
    for (let round = 0; round < 8; round += 1) await playRound(round);
  });

  it('show another curriculum, another goal and another zone with the next question', async () => {
    const userId = newLearner();
    const token = await tokenFor(userId, 'learner');
    await a.mutate('tracking.questionAttempt', attempt(), { token });
    await updateLearner(worker.app, { userId });
    const nameOn = async (api: Pick<TestApi, 'query'>): Promise<unknown> => {
      const { topics } = (await ask(api, 'dashboard.mastery', token)) as { topics: readonly { name: string }[] };
      return topics[0]?.name;
    };
    expect([await nameOn(a), await nameOn(b)]).to.deep.equal(['Heart', 'Heart']);
    const topics = [{ id: topicId, slug: 'heart', name: 'The heart', level: 2 }];
    const admin = await tokenFor(newLearner(), 'admin');
    expect((await a.mutate('curriculum.import', { topics }, { token: admin })).status).to.equal(200);
    expect(await nameOn(b)).to.equal('The heart');
    const last = async (): Promise<unknown> =>
      ((await ask(b, 'dashboard.heatmap', token)) as { days: readonly string[] }).days.at(-1);
    const zones = ['Pacific/Kiritimati', 'Etc/GMT+12']; // never on one day
    const days: unknown[] = [];
    for (const timezone of zones) {
      await a.mutate('learner.updateSettings', { timezone }, { token });
      await a.sql('delete from daily_user_stats where user_id = $1', [userId]); // its day would hold the window
      days.push(await last());
    }
    expect(days[0]).to.not.equal(days[1]);
  });

  it('show the day of the zone that a learner has moved to, of which only the other heard', async () => {
    const userId = newLearner();
    const token = await tokenFor(userId, 'learner');
    await a.mutate('tracking.questionAttempt', attempt(), { token });
    await updateLearner(worker.app, { userId });
    const dayShown = async (): Promise<unknown> =>
      ((await ask(b, 'dashboard.reviewQueue', token)) as { asOf: string }).asOf;
    const days: unknown[] = [];
    for (const timezone of ['Pacific/Kiritimati', 'Etc/GMT+12']) {
      await a.mutate('learner.updateSettings', { timezone }, { token });
      days.push(await dayShown());
      await a.sql('update learners set watermark = watermark + 1 where user_id = $1', [userId]);
      expect(days.at(-1), timezone).to.equal(await dayShown());
    }
    expect(days[0]).to.not.equal(days[1]);
  });

  it('keep no answer that was read before a write and came after it', async () => {
    const userId = newLearner();
    const token = await tokenFor(userId, 'learner');
    await a.mutate('tracking.questionAttempt', attempt(), { token });
    const owner = connect({ url: a.database.url, poolSize: 1, applicationName: 'studyin-test-lock' });
    try {
      const started = await owner.transaction(async (tx) => {
        // The answer of `all` has its sessions, and waits for the overview.
        await tx.executeSql('lock table user_learning_metrics in access exclusive mode');
        const reading = ask(b, 'dashboard.all', token);
        await waitFor(() => isWaiting(a), { what: 'the reader behind the lock' });
        expect((await a.mutate('tracking.questionAttempt', attempt(), { token })).status).to.equal(200);
        return [reading];
      });
      expect(await started[0], 'the reader').to.have.nested.property('sessions.sessions[0].questions', 1);
    } finally {
      await owner.close();
    }
    expect(await ask(b, 'dashboard.all', token)).to.have.nested.property('sessions.sessions[0].questions', 2);
    expect(await ask(a, 'dashboard.all', token)).to.have.nested.property('sessions.sessions[0].questions', 2);
  });

  it('do not hand the answer of a reader who came before a write to one who came after it', async () => {
    const userId = newLearner();
    const token = await tokenFor(userId, 'learner');
    await a.mutate('tracking.questionAttempt', attempt(), { token });
    const owner = connect({ url: a.database.url, poolSize: 1, applicationName: 'studyin-test-lock' });
    try {
      const [early, late] = await owner.transaction(async (tx) => {
        await tx.executeSql('lock table user_learning_metrics in access exclusive mode');
        const before = ask(b, 'dashboard.all', token);
        await waitFor(() => isWaiting(a), { what: 'the first reader behind the lock' });
        await a.mutate('tracking.questionAttempt', attempt(), { token });
        const after = ask(b, 'dashboard.all', token);
        // It asks for the version that the first is about to find; by the answer of another call it has been heard.
        await ask(b, 'dashboard.sessions', await tokenFor(userId, 'learner'));
        return [[before], [after]];
      });
      expect(await early?.[0]).to.have.nested.property('sessions.sessions[0].questions', 1);
      expect(await late?.[0]).to.have.nested.property('sessions.sessions[0].questions', 2);
    } finally {
      await owner.close();
    }
  });
});

describe('what all learners share', function () {
  this.timeout(30_000);

  it('is in every answer that says something of it with the next question, whoever keeps it', async () => {
    const api = await startTestApi();
    const worker = await openTestApp(api);
    try {
      await addCurriculum(api);
      const userId = newLearner();
      const token = await tokenFor(userId, 'learner');
      const read = { eventId: newId(), sessionId, materialId, durationSeconds: 30 };
      await api.mutate('tracking.questionAttempt', attempt(), { token });
      await api.mutate('tracking.materialInteraction', read, { token });
      await updateLearner(worker.app, { userId });
      const askAll = async (): Promise<ReadonlyMap<string, unknown>> => {
        const answers = new Map<string, unknown>();
        for (const path of procedures) {
          const { status, data, text } = await api.query(path, inputOf.get(path), { token });
          expect(status, `${path}: ${text}`).to.equal(200);
          answers.set(path, data);
        }
        return answers;
      };
      const before = await askAll();
      await changeWhatAllShare(api);
      const shown = await askAll();
      await api.sql('update learners set watermark = watermark + 1 where user_id = $1', [userId]);
      const fresh = await askAll();
      for (const path of procedures) expect(shown.get(path), path).to.deep.equal(fresh.get(path));
      const changed = procedures.filter((path) => JSON.stringify(before.get(path)) !== JSON.stringify(fresh.get(path)));
      expect(changed).to.include.members(
        ['mastery', 'materialProgress', 'comparison'].map((name) => `dashboard.${name}`),
      );
    } finally {
      await worker.close();
      await api.stop();
    }
  });
});

/** As an import does, and a night. */
async function changeWhatAllShare({ sql }: Pick<TestApi, 'sql'>): Promise<void> {
  await sql(`update topics set name = name || ' anew', slug = slug || '-anew', effective_exam_weight = 9`);
  await sql(`update questions set correct_answer = 'B'`);
  await sql(`update materials set kind = 'video'`);
  await sql(`update curriculum_version set version = version + 1`);
  await sql(
    `insert into peer_distributions (metric, topic_id, as_of, learners, quantiles)
    select 'topic_mastery', $1, current_date - day, 40, array(select share / 100.0 from generate_series(0, 100) share)
    from generate_series(0, 20) day`,
    [topicId],
  );
  await sql(`insert into batch_runs (step, watermark) values ('peers', current_date - 1)`);
}

/** A write of one learner, or a change of their settings, as clients send them. */
async function act(
  dice: Dice,
  { api, token }: { readonly api: Pick<TestApi, 'mutate'>; readonly token: string },
): Promise<void> {
  const calls = [
    () => api.mutate('tracking.questionAttempt', attempt({ selectedAnswer: dice.pick(['A', 'B']) }), { token }),
    () => api.mutate('tracking.sessionPause', { eventId: newId(), sessionId }, { token }),
    () =>
      api.mutate(
        'tracking.materialInteraction',
        { eventId: newId(), sessionId, materialId, durationSeconds: 30 },
        { token },
      ),
    () => api.mutate('learner.updateSettings', { dailyGoalMinutes: dice.int(1, 90) }, { token }),
  ];
  const { status, text } = await dice.pick(calls)();
  expect(status, text).to.equal(200);
}

/** Whether one reader waits for the overview's table. */
async function isWaiting(api: TestApi): Promise<boolean> {
  const rows = await api.sql<{ pid: number }>(
    `select l.pid from pg_locks l where not l.granted and l.relation = 'user_learning_metrics'::regclass`,
  );
  return rows.length === 1;
}

describe('readers who ask the same at the same time', () => {
  it('run one query, and each asks whether it is still true', async () => {
    const api = await startTestApi();
    const statements: string[] = [];
    const database: Database = connect({
      url: api.database.url,
      role: 'studyin_runtime',
      poolSize: 8,
      applicationName: 'studyin-test-readers',
      onStatement: (name) => void statements.push(name),
    });
    try {
      const userId = newLearner();
      const token = await tokenFor(userId, 'learner');
      await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId }, { token });
      const other = await openTestApp(api);
      const reads = { ...other.app, database };
      const cache = createAnswerCache({
        maxBytes: 1_000_000,
        reads,
        inOrder: (use) => database.inOrder((reader) => use({ ...reads, database: { ...database, reader } })),
        findVersion: (by, learner) => findWatermark(by, { userId: learner }),
      });
      const question = { procedure: 'dashboard.overview', userId, input: {} };
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => cache.answer(question, (by) => getOverview(by, { userId }))),
      );
      expect(new Set(answers).size).to.equal(1);
      const times = (name: string): number => statements.filter((one) => one === name).length;
      expect([times('dashboard.metrics'), times('dashboard.learner_watermark')]).to.deep.equal([1, 40]);
      await other.close();
    } finally {
      await database.close();
      await api.stop();
    }
  });
});
