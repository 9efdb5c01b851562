// Whoever reads or changes the data of somebody else leaves a row in the access log first: asked of every procedure of the router.
import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import { testKeys } from '@studyin/testkit/test-domain';
import { appRouter } from '../src/router.ts';
import type { Role } from '../src/tokens.ts';
import { cohortId, leaving, learner, people, procedureTable, staff } from './procedure-table.ts';
import type { Row } from './procedure-table.ts';
import { startTestApi, tokenFor } from './test-api.ts';
import type { Answer, TestApi } from './test-api.ts';
import { addCurriculum, countFacts, newId, sessionId } from './test-curriculum.ts';

type Case = { readonly path: string; readonly row: Row; readonly role: Role; readonly subject: string };

/** Every procedure that names a learner, as each role that may call it about somebody else. An instructor teaches the learner. */
const cases: readonly Case[] = Object.entries(procedureTable).flatMap(([path, row]) => {
  const subject = row.learner ?? learner;
  if (!JSON.stringify(row.input(subject) ?? {}).includes(subject)) return [];
  return (['instructor', 'admin', 'service'] as const)
    .filter((role) =>
      role === 'instructor' ? path.startsWith('dashboard.') : row.codes[people.indexOf(role)] === 'OK',
    )
    .map((role) => ({ path, row, role, subject }));
});

/** Whether a schema has a place for a learner's id. */
function namesLearner(path: string): boolean {
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { inputs: readonly z.ZodType[] } }>; // as: any in tRPC
  const [input] = procedures[path]?._def.inputs ?? [];
  if (input === undefined) return false;
  return /"userIds?":/.test(JSON.stringify(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })));
}

describe('the audit of what is done about others', function () {
  this.timeout(60_000);
  let api: TestApi;
  const call = async ({ path, row, role, subject }: Case): Promise<Answer> => {
    const options = { token: await tokenFor(staff, role), headers: { 'x-access-reason': 'support ticket 17' } };
    const input = row.input(subject);
    return row.type === 'query' ? api.query(path, input, options) : api.mutate(path, input, options);
  };
  const entries = (): Promise<readonly Record<string, unknown>[]> =>
    api.sql(
      `select actor_id, actor_role, encode(subject, 'hex') as subject, action, request_id from access_log order by at, id`,
    );

  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
    await api.sql(`insert into cohorts (id, name) values ($1, 'C')`, [cohortId]);
    await api.sql(
      `insert into cohort_members (cohort_id, user_id, role) values ($1, $2, 'instructor'), ($1, $3, 'learner')`,
      [cohortId, staff, learner],
    );
    for (const userId of [learner, leaving]) {
      const token = await tokenFor(userId, 'learner');
      await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId }, { token });
    }
  });
  beforeEach(() => api.sql('delete from access_log'));
  after(() => api.stop());

  it('is asked of every procedure whose input can name a learner', () => {
    const asked = new Set(cases.map(({ path }) => path));
    const missing = Object.keys(procedureTable).filter((path) => namesLearner(path) && !asked.has(path));
    expect(missing).to.deep.equal([]);
    expect(asked.size).to.be.greaterThan(20);
  });

  it('stops every call that cannot be written down, before anything is read or changed', async () => {
    await api.sql('revoke insert on access_log from studyin_runtime, studyin_eraser');
    const [facts, members] = [await countFacts(api), await api.sql('select * from cohort_members order by user_id')];
    try {
      for (const one of cases) {
        const { status, data, text } = await call(one);
        expect([status, data], `${one.path} ${one.role} ${text}`).to.deep.equal([500, undefined]);
      }
    } finally {
      await api.sql('grant insert on access_log to studyin_runtime, studyin_eraser');
    }
    expect(await countFacts(api)).to.equal(facts);
    expect(await api.sql('select * from cohort_members order by user_id')).to.deep.equal(members);
    expect(await api.sql('select from learners where user_id = $1', [leaving])).to.have.length(1);
  });

  cases.forEach((one) => {
    it(`${one.path} by ${one.role} is one row, cached or not`, async () => {
      const answers = [await call(one), await call(one)];
      const subject = createHmac('sha256', testKeys.subject).update(one.subject).digest('hex');
      const rows = await entries();
      // who is out of a cohort is not taken out again
      const told = one.path === 'cohorts.removeMembers' ? answers.slice(0, 1) : answers;
      expect(rows).to.deep.equal(
        told.map(({ status, headers, text }) => {
          expect(status, text).to.equal(200);
          return {
            actor_id: staff,
            actor_role: one.role,
            subject,
            action: one.path,
            request_id: headers.get('x-request-id'),
          };
        }),
      );
      if (one.path === 'cohorts.removeMembers') {
        await api.sql(`insert into cohort_members (cohort_id, user_id, role) values ($1, $2, 'learner')`, [
          cohortId,
          learner,
        ]);
      }
    });
  });

  it('holds nothing of learners who read and write their own', async () => {
    const token = await tokenFor(learner, 'learner');
    for (const [path, row] of Object.entries(procedureTable)) {
      if (row.codes[people.indexOf('self')] !== 'OK' || path === 'privacy.erase') continue;
      const { status } = await (row.type === 'query'
        ? api.query(path, row.input(undefined), { token })
        : api.mutate(path, row.input(undefined), { token }));
      expect(status, path).to.equal(200);
    }
    expect(await entries()).to.deep.equal([]);
  });

  it('is shown to the learner it is about, in pages, and to nobody else', async () => {
    for (const path of ['dashboard.overview', 'dashboard.gaps', 'dashboard.mastery']) {
      const row = procedureTable[path];
      if (row !== undefined) await call({ path, row, role: 'admin', subject: learner });
    }
    const read = async (
      userId: string,
      input: object,
    ): Promise<{ accesses: readonly Record<string, unknown>[]; nextCursor: string | null }> => {
      const { data } = await api.query('privacy.accessLog', input, { token: await tokenFor(userId, 'learner') });
      return data as { accesses: readonly Record<string, unknown>[]; nextCursor: string | null }; // as: the procedure's output
    };
    const first = await read(learner, { limit: 2 });
    const second = await read(learner, { limit: 2, cursor: first.nextCursor });
    expect(second.nextCursor).to.equal(null);
    const seen = [...first.accesses, ...second.accesses];
    expect(seen.map(({ action }) => action)).to.have.members([
      'dashboard.gaps',
      'dashboard.mastery',
      'dashboard.overview',
    ]);
    for (const access of seen) {
      expect(access).to.include({ actorId: staff, actorRole: 'admin', reason: 'support ticket 17' });
    }
    // a page of somebody else's begins where their own log has nothing
    expect(await read(randomUUID(), { limit: 2, cursor: first.nextCursor })).to.deep.equal({
      accesses: [],
      nextCursor: null,
    });
  });
});
