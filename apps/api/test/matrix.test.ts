// Every procedure against everybody who may call it. The table is written out; a procedure without a row fails.
import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { testKeys } from '@studyin/testkit/test-domain';
import { appRouter } from '../src/router.ts';
import { cohortId, erased, learner, people, procedureTable, staff, stranger } from './procedure-table.ts';
import type { Person, Row } from './procedure-table.ts';
import { startTestApi, tokenFor } from './test-api.ts';
import type { Answer, TestApi } from './test-api.ts';
import { addCurriculum, attempt, countFacts, item, newId, newLearner, sessionId } from './test-curriculum.ts';

const subjectOf = (userId: string): Buffer => createHmac('sha256', testKeys.subject).update(userId).digest();

async function tokenOf(person: Person, self: string): Promise<string | undefined> {
  const expired = Math.floor(Date.now() / 1000) - 60;
  switch (person) {
    case 'anonymous':
      return undefined;
    case 'expired':
      return tokenFor(self, 'learner', { iat: expired - 60, exp: expired });
    case 'self':
      return tokenFor(self, 'learner');
    case 'other':
      return tokenFor(stranger, 'learner');
    case 'erased':
      return tokenFor(erased, 'learner');
    case 'instructor':
    case 'admin':
    case 'service':
      return tokenFor(staff, person);
  }
}

function codeOf({ error, data }: Answer): string {
  if (error !== undefined) return error.data.code;
  const [first] = (data as { results?: readonly { status: string; reason?: string; path?: string }[] }).results ?? [];
  return first?.status === 'rejected' ? `rejected ${first.reason ?? ''} ${first.path ?? ''}` : 'OK';
}

describe('who may call what', () => {
  let api: TestApi;
  const call = async (path: string, { type, input, learner: self = learner }: Row, person: Person): Promise<Answer> => {
    const namesNobody = ['anonymous', 'expired', 'self', 'erased'].includes(person);
    const options = { token: await tokenOf(person, self), headers: { 'x-access-reason': 'support ticket 17' } };
    const given = input(namesNobody ? undefined : self);
    return type === 'query' ? api.query(path, given, options) : api.mutate(path, given, options);
  };

  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
    await api.sql(`insert into cohorts (id, name) values ($1, 'C')`, [cohortId]);
    await api.sql('insert into erased_learners (subject) values ($1)', [subjectOf(erased)]);
    for (const userId of [learner, stranger]) {
      await api.mutate(
        'tracking.sessionStart',
        { eventId: newId(), sessionId },
        { token: await tokenFor(userId, 'learner') },
      );
    }
  });
  after(() => api.stop());

  it('has a row for every procedure of the router, and no other row', () => {
    expect(Object.keys(procedureTable).sort()).to.deep.equal(Object.keys(appRouter._def.procedures).sort());
  });

  for (const [path, row] of Object.entries(procedureTable)) {
    it(`${path} is answered to whom it should be`, async () => {
      const codes: Record<string, string> = {};
      for (const person of people) codes[person] = codeOf(await call(path, row, person));
      expect(codes).to.deep.equal(Object.fromEntries(people.map((person, index) => [person, row.codes[index]])));
    });
  }

  it('a refused call stores nothing and makes no learner', async () => {
    const nobody = newLearner();
    const learners = (): Promise<readonly object[]> => api.sql('select user_id from learners order by 1');
    const [facts, known] = [await countFacts(api), await learners()];
    for (const role of ['instructor', 'admin'] as const) {
      await api.mutate('tracking.questionAttempt', attempt({ userId: nobody }), {
        token: await tokenFor(nobody, role),
      });
    }
    await api.mutate(
      'tracking.events',
      { events: [item({ userId: nobody })] },
      { token: await tokenFor(learner, 'learner') },
    );
    expect(await countFacts(api)).to.equal(facts);
    expect(await learners()).to.deep.equal(known);
  });

  it('a learner cannot tell whether somebody exists', async () => {
    const token = await tokenFor(stranger, 'learner');
    const without = ({ status, error }: Answer): object => ({
      status,
      error: { ...error, data: { ...error?.data, requestId: '' } },
    });
    const known = without(await api.query('dashboard.overview', { userId: learner }, { token }));
    expect(without(await api.query('dashboard.overview', { userId: newLearner() }, { token }))).to.deep.equal(known);
    expect(
      without(await api.query('dashboard.overview', {}, { token: await tokenFor(newLearner(), 'learner') })),
    ).to.deep.equal(known);
  });

  it('a learner may name themselves, in capitals too', async () => {
    const token = await tokenFor(learner, 'learner');
    const userId = learner.toUpperCase();
    expect((await api.query('dashboard.overview', { userId }, { token })).status).to.equal(200);
    expect((await api.mutate('tracking.questionAttempt', attempt({ userId }), { token })).status).to.equal(200);
    const { data } = await api.mutate('tracking.events', { events: [item({ userId })] }, { token });
    expect(data).to.have.nested.property('results[0].status', 'accepted');
  });

  it('a service must say whose event it is', async () => {
    const token = await tokenFor(staff, 'service');
    const single = await api.mutate('tracking.questionAttempt', attempt(), { token });
    expect([single.status, single.error?.data.path]).to.deep.equal([400, 'userId']);
    const batch = await api.mutate('tracking.events', { events: [item(), item({ userId: learner }), 7] }, { token });
    expect((batch.data as { results: object[] }).results.map((result) => ({ ...result, eventId: '' }))).to.deep.equal([
      { eventId: '', status: 'rejected', reason: 'invalid', path: 'userId' },
      { eventId: '', status: 'accepted' },
      { eventId: '', status: 'rejected', reason: 'invalid', path: '' },
    ]);
  });
});
