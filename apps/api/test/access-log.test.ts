import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { testKeys } from '@studyin/testkit/test-domain';
import { startTestApi, tokenFor } from './test-api.ts';
import type { TestApi } from './test-api.ts';
import { item, newId, newLearner, sessionId } from './test-curriculum.ts';

const learner = newLearner();
const stranger = newLearner();
const staff = newLearner();

describe('the access log', () => {
  let api: TestApi;
  const subject = createHmac('sha256', testKeys.subject).update(learner).digest('hex');
  const reasonsShown = async (): Promise<readonly (string | null)[]> => {
    const { data } = await api.query('privacy.accessLog', {}, { token: await tokenFor(learner, 'learner') });
    return (data as { accesses: { reason: string | null }[] }).accesses.map(({ reason }) => reason); // as: its output
  };
  const entries = (): Promise<readonly { readonly reason: string | null }[]> =>
    api.sql(
      `select actor_id, actor_role, encode(subject, 'hex') as subject, action, reason from access_log order by at`,
    );

  before(async () => {
    api = await startTestApi();
    await api.mutate(
      'tracking.sessionStart',
      { eventId: newId(), sessionId },
      { token: await tokenFor(learner, 'learner') },
    );
  });
  afterEach(() => api.sql('delete from access_log'));
  after(() => api.stop());

  it('holds one row for an admin’s reading, with the reason and without the learner’s id', async () => {
    const options = { token: await tokenFor(staff, 'admin'), headers: { 'x-access-reason': '  support ticket 17 ' } };
    for (const path of ['dashboard.overview', 'dashboard.overview', 'dashboard.all']) {
      expect((await api.query(path, { userId: learner }, options)).status).to.equal(200);
    }
    const row = { actor_id: staff, actor_role: 'admin', subject };
    const stored = await entries();
    expect(stored.map(({ reason: _reason, ...rest }) => rest)).to.deep.equal([
      { ...row, action: 'dashboard.overview' },
      { ...row, action: 'dashboard.overview' },
      { ...row, action: 'dashboard.all' },
    ]);
    for (const { reason } of stored) expect(reason).to.match(/^v1\.[\w-]{60,}$/);
    expect(await reasonsShown()).to.deep.equal(Array.from({ length: 3 }, () => 'support ticket 17'));
  });

  it('shows the learner reasons of before they were sealed, and none that was moved from another row', async () => {
    const write = (values: readonly unknown[]) =>
      api.sql(
        `insert into access_log (at, actor_id, actor_role, subject, action, reason)
        values (date_trunc('milliseconds', now()), $1, 'admin', decode($2, 'hex'), 'dashboard.all', $3)`,
        values,
      );
    await write([staff, subject, 'ticket of last year']);
    const options = { token: await tokenFor(staff, 'admin'), headers: { 'x-access-reason': 'support ticket 17' } };
    await api.query('dashboard.all', { userId: learner }, options);
    const sealed = (await entries()).map(({ reason }) => reason).find((reason) => reason?.startsWith('v1.'));
    await write([stranger, subject, sealed]);
    expect(await reasonsShown()).to.have.members([null, 'support ticket 17', 'ticket of last year']);
  });

  it('takes no reason that holds the name of who gives it', async () => {
    const token = await tokenFor(staff, 'admin', { name: 'Josephine Canarybird' });
    for (const [said, status] of [
      ['asked by josephine', 400],
      ['asked by the dean', 200],
    ] as const) {
      const headers = { 'x-access-reason': said };
      expect((await api.query('dashboard.all', { userId: learner }, { token, headers })).status, said).equal(status);
    }
    const { status, error } = await api.mutate(
      'privacy.erase',
      { userId: newLearner(), reason: 'asked by J. Canarybird' },
      { token },
    );
    expect([status, error?.data.reason, error?.data.path]).to.deep.equal([400, 'pii', 'reason']);
  });

  it('is asked for: an admin without a fitting reason reads nothing', async () => {
    const token = await tokenFor(staff, 'admin');
    for (const reason of [undefined, '', 'ab', 'x'.repeat(201)]) {
      const headers: Record<string, string> = reason === undefined ? {} : { 'x-access-reason': reason };
      const { status, error } = await api.query('dashboard.overview', { userId: learner }, { token, headers });
      expect([status, error?.data.path]).to.deep.equal([400, 'x-access-reason']);
    }
    expect(await entries()).to.deep.equal([]);
  });

  it('shows an instructor who reads a learner of their own cohort; other learners stay hidden', async () => {
    const [cohort] = await api.sql<{ id: string }>(
      `insert into cohorts (id, name) values (gen_random_uuid(), 'C') returning id`,
    );
    const members = [
      [staff, 'instructor'],
      [learner, 'learner'],
      [stranger, 'learner'],
    ];
    for (const [userId, role] of members) {
      await api.sql('insert into cohort_members (cohort_id, user_id, role) values ($1, $2, $3)', [
        cohort?.id,
        userId,
        role,
      ]);
    }
    const read = async (reader: string, userId: string): Promise<number> =>
      (await api.query('dashboard.overview', { userId }, { token: await tokenFor(reader, 'instructor') })).status;
    expect(await read(staff, learner)).to.equal(200);
    expect(await read(stranger, learner)).to.equal(404);
    expect(await read(staff, newLearner())).to.equal(404);
    expect(await entries()).to.deep.equal([
      { actor_id: staff, actor_role: 'instructor', subject, action: 'dashboard.overview', reason: null },
    ]);
  });

  it('shows what a service writes, once a learner and call, and nothing of learners about themselves', async () => {
    const events = [item({ userId: learner }), item({ userId: learner })];
    await api.mutate('tracking.events', { events }, { token: await tokenFor(staff, 'service') });
    await api.query('dashboard.overview', {}, { token: await tokenFor(learner, 'learner') });
    expect(await entries()).to.deep.equal([
      { actor_id: staff, actor_role: 'service', subject, action: 'tracking.events', reason: null },
    ]);
  });
});
