import { expect } from 'chai';
import { findResidue } from '@studyin/testkit/find-residue';
import { startTestApi, tokenFor } from './test-api.ts';
import type { TestApi } from './test-api.ts';
import { addCurriculum, attempt, item, newId, newLearner, sessionId } from './test-curriculum.ts';

type Receipt = { readonly tables: readonly { readonly table: string; readonly rows: number }[]; readonly rows: number };

describe('privacy.erase', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
  });
  after(() => api.stop());

  const learn = async (): Promise<{ readonly learner: string; readonly token: string }> => {
    const learner = newLearner();
    const token = await tokenFor(learner, 'learner');
    await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId }, { token });
    await api.mutate('tracking.questionAttempt', attempt(), { token });
    return { learner, token };
  };

  it('forgets a learner who asks for it: no cached answer, no row, no job is left', async () => {
    const { learner, token } = await learn();
    expect((await api.query('dashboard.overview', {}, { token })).status).to.equal(200);
    const { status, data } = await api.mutate('privacy.erase', undefined, { token });
    expect(status).to.equal(200);
    const { tables, rows } = data as Receipt;
    expect(tables).to.deep.include({ table: 'study_events', rows: 2 });
    expect(tables).to.deep.include({ table: 'pgboss.job', rows: 1 });
    expect(rows).to.be.greaterThan(5);
    for (const path of ['dashboard.overview', 'dashboard.all', 'learner.settings']) {
      const { status: after } = await api.query(path, path === 'learner.settings' ? undefined : {}, { token });
      expect(after, path).to.equal(404);
    }
    expect(await findResidue(api.database.url, [learner])).to.deep.equal([]);
    expect((await api.mutate('privacy.erase', {}, { token })).data).to.deep.equal(data);
  });

  it('refuses what comes later: an offline batch item by item, a single call with 410', async () => {
    const { learner, token } = await learn();
    await api.mutate('privacy.erase', {}, { token });
    const batch = await api.mutate('tracking.events', { events: [item(), { broken: true }] }, { token });
    const { results } = batch.data as { results: readonly Record<string, unknown>[] };
    expect(results.map(({ status, reason }) => [status, reason])).to.deep.equal([
      ['rejected', 'erased'],
      ['rejected', 'invalid'],
    ]);
    const calls = [
      ['tracking.event', item()],
      ['tracking.questionAttempt', attempt()],
      ['tracking.sessionStart', { eventId: newId(), sessionId }],
      ['learner.updateSettings', { dailyGoalMinutes: 45 }],
    ] as const;
    for (const [path, input] of calls) {
      const { status, error } = await api.mutate(path, input, { token });
      expect([status, error?.data.code], path).to.deep.equal([410, 'NOT_FOUND']);
    }
    expect(await findResidue(api.database.url, [learner])).to.deep.equal([]);
  });

  it('takes an admin’s word only with a name and a reason, and writes both down before anything is gone', async () => {
    const { learner, token } = await learn();
    const admin = newLearner();
    const staff = await tokenFor(admin, 'admin');
    for (const [input, path] of [
      [{}, 'userId'],
      [{ reason: 'asked by letter' }, 'userId'],
      [{ userId: learner }, 'reason'],
    ] as const) {
      const { status, error } = await api.mutate('privacy.erase', input, { token: staff });
      expect([status, error?.data.path]).to.deep.equal([400, path]);
    }
    expect((await api.mutate('privacy.erase', { userId: learner, reason: ' ' }, { token: staff })).status).to.equal(
      400,
    );
    expect((await api.query('dashboard.overview', {}, { token })).status).to.equal(200);
    const done = await api.mutate('privacy.erase', { userId: learner, reason: 'asked by letter' }, { token: staff });
    expect(done.status).to.equal(200);
    const { data } = await api.query('privacy.accessLog', undefined, { token });
    const { accesses } = data as { accesses: readonly Record<string, unknown>[] };
    expect(accesses).to.have.length(1);
    expect(accesses[0]).to.include({
      actorId: admin,
      actorRole: 'admin',
      action: 'privacy.erase',
      reason: 'asked by letter',
      requestId: done.headers.get('x-request-id'),
    });
  });
});
