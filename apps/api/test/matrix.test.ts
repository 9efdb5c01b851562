// Every procedure against everybody who may call it. The table is written out; a procedure without a row fails.
import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { testKeys } from '@studyin/testkit/test-domain';
import { appRouter } from '../src/router.ts';
import { startTestApi, tokenFor } from './test-api.ts';
import type { Answer, TestApi } from './test-api.ts';
import {
  addCurriculum,
  attempt,
  countFacts,
  item,
  materialId,
  newId,
  newLearner,
  questionId,
  sessionId,
  topicId,
} from './test-curriculum.ts';

const learner = newLearner();
const stranger = newLearner();
const staff = newLearner();
const erased = newLearner();
const leaving = newLearner();

const people = ['anonymous', 'expired', 'self', 'other', 'instructor', 'admin', 'service', 'erased'] as const;
type Person = (typeof people)[number];
type Row = {
  readonly type: 'query' | 'mutation';
  /** Names the learner where a caller does so. */
  readonly input: (userId: string | undefined) => unknown;
  /** Codes in the order of `people`. */
  readonly codes: readonly [string, string, string, string, string, string, string, string];
  /** Whose own the call is; default `learner`. */
  readonly learner?: string;
};

// `self` and `erased` name nobody; `other` is a learner who names somebody else; instructor (of no cohort), admin and service
// name the learner.
const tracks = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'OK',
  'NOT_FOUND',
  'FORBIDDEN',
  'FORBIDDEN',
  'OK',
  'NOT_FOUND',
] as const;
const tracksBatch = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'OK',
  'rejected invalid userId',
  'FORBIDDEN',
  'FORBIDDEN',
  'OK',
  'rejected erased userId',
] as const;
const reads = ['UNAUTHORIZED', 'UNAUTHORIZED', 'OK', 'NOT_FOUND', 'NOT_FOUND', 'OK', 'FORBIDDEN', 'NOT_FOUND'] as const;
const ownOnly = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'OK',
  'BAD_REQUEST',
  'FORBIDDEN',
  'FORBIDDEN',
  'FORBIDDEN',
  'NOT_FOUND',
] as const;
const anybody = ['UNAUTHORIZED', 'UNAUTHORIZED', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK'] as const;
// Nobody asks whether somebody is known: the log outlives an erasure.
const ownLog = [...ownOnly.slice(0, 7), 'OK'] as unknown as Row['codes']; // as: eight codes of eight
const erases = ['UNAUTHORIZED', 'UNAUTHORIZED', 'OK', 'NOT_FOUND', 'FORBIDDEN', 'OK', 'FORBIDDEN', 'OK'] as const;
const maintains = [
  'UNAUTHORIZED',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'FORBIDDEN',
  'FORBIDDEN',
  'OK',
  'OK',
  'FORBIDDEN',
] as const;

const of = (userId: string | undefined, fields: object = {}): object =>
  userId === undefined ? fields : { ...fields, userId };
const session = (userId: string | undefined): object => of(userId, { eventId: newId(), sessionId });
const query = (fields: object = {}): Row => ({ type: 'query', input: (userId) => of(userId, fields), codes: reads });
const mutation = (input: Row['input'], codes: Row['codes'] = tracks): Row => ({ type: 'mutation', input, codes });

const table: Readonly<Record<string, Row>> = {
  'tracking.events': mutation((userId) => ({ events: [item(of(userId) as Record<string, unknown>)] }), tracksBatch),
  'tracking.event': mutation((userId) => item(of(userId) as Record<string, unknown>)),
  'tracking.questionAttempt': mutation((userId) => attempt(of(userId) as Record<string, unknown>)),
  'tracking.materialInteraction': mutation((userId) =>
    of(userId, { eventId: newId(), sessionId, materialId, durationSeconds: 30 }),
  ),
  'tracking.sessionStart': mutation(session),
  'tracking.sessionPause': mutation(session),
  'tracking.sessionResume': mutation(session),
  'tracking.sessionEnd': mutation(session),
  'learner.settings': {
    type: 'query',
    input: (userId) => (userId === undefined ? undefined : { userId }),
    codes: ownOnly,
  },
  'learner.updateSettings': mutation((userId) => of(userId, { dailyGoalMinutes: 45 }), ownOnly),
  'dashboard.overview': query(),
  'dashboard.heatmap': query({ days: 30 }),
  'dashboard.sessions': query(),
  'dashboard.mastery': query(),
  'dashboard.topicTrend': query({ topicId }),
  'dashboard.gaps': query(),
  'dashboard.explain': query({ topicId }),
  'dashboard.reviewQueue': query(),
  'dashboard.reviewForecast': query({ days: 7 }),
  'dashboard.questionHistory': query({ questionId }),
  'dashboard.firstAttemptAccuracy': query(),
  'dashboard.materialProgress': query(),
  'dashboard.efficiency': query({ days: 30 }),
  'dashboard.patterns': query({ days: 30 }),
  'dashboard.readiness': query(),
  'dashboard.forgettingCurve': query({ topicId }),
  'dashboard.comparison': query({ topicId }),
  'dashboard.all': query(),
  'curriculum.topics': { type: 'query', input: () => undefined, codes: anybody },
  'curriculum.topic': { type: 'query', input: () => ({ slug: 'heart' }), codes: anybody },
  'curriculum.import': mutation(() => ({ topics: [] }), maintains),
  'privacy.erase': { ...mutation((userId) => of(userId), erases), learner: leaving },
  'privacy.accessLog': { type: 'query', input: (userId) => of(userId), codes: ownLog },
};

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
    expect(Object.keys(table).sort()).to.deep.equal(Object.keys(appRouter._def.procedures).sort());
  });

  for (const [path, row] of Object.entries(table)) {
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
