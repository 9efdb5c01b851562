// What names somebody else where it should not: in one call of a batch, in a cursor, as a list.
import { expect } from 'chai';
import { encode, startTestApi, tokenFor } from './test-api.ts';
import type { TestApi } from './test-api.ts';
import { addCurriculum, newId, newLearner } from './test-curriculum.ts';
import { procedureTable } from './procedure-table.ts';

describe('inputs about somebody else', () => {
  let api: TestApi;
  const [own, other] = [newLearner(), newLearner()];
  let token: string;

  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
    token = await tokenFor(own, 'learner');
    for (const [userId, sessions] of [
      [own, 3],
      [other, 3],
    ] as const) {
      const bearer = await tokenFor(userId, 'learner');
      for (let n = 0; n < sessions; n += 1) {
        await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId: newLearner() }, { token: bearer });
      }
    }
  });
  after(() => api.stop());

  it('fail alone in a batch: its other calls are answered', async () => {
    const inputs = [{}, { userId: other }, { userId: newLearner() }, {}].map((input, n): readonly [number, unknown] => [
      n,
      JSON.parse(encode(input)),
    ]);
    const path = Array.from({ length: 4 }, () => 'dashboard.overview').join(',');
    const query = encodeURIComponent(JSON.stringify(Object.fromEntries(inputs)));
    const answer = await fetch(`${api.url}/trpc/${path}?batch=1&input=${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).to.equal(207);
    const parts = (await answer.json()) as readonly { error?: { json: { data: { code: string } } } }[]; // as: the wire
    expect(parts.map(({ error }) => error?.json.data.code ?? 'OK')).to.deep.equal([
      'OK',
      'NOT_FOUND',
      'NOT_FOUND',
      'OK',
    ]);
    expect(JSON.stringify(parts)).to.not.include(other);
  });

  it('find nothing by the cursor of somebody else but one’s own', async () => {
    type Page = { sessions: { sessionId: string }[]; nextCursor: string | null };
    const page = async (bearer: string, cursor: string | null): Promise<Page> => {
      const { data } = await api.query('dashboard.sessions', { limit: 1, cursor }, { token: bearer });
      return data as Page; // as: the procedure's output
    };
    const theirs = await page(await tokenFor(other, 'learner'), null);
    const all = await api.sql<{ id: string }>('select id from study_sessions where user_id = $1', [own]);
    const found = await page(token, theirs.nextCursor);
    expect(theirs.nextCursor).to.be.a('string');
    for (const { sessionId } of found.sessions) expect(all.map(({ id }) => id)).to.include(sessionId);
    const foreign = await api.query('privacy.accessLog', { cursor: 'bm90IGEgY3Vyc29y' }, { token });
    expect([foreign.status, foreign.error?.data.path]).to.deep.equal([400, 'cursor']);
  });

  it('are refused as lists and objects where one value belongs', async () => {
    const admin = await tokenFor(newLearner(), 'admin');
    const options = { token: admin, headers: { 'x-access-reason': 'support ticket 17' } };
    for (const [path, { type, input }] of Object.entries(procedureTable)) {
      if (!path.startsWith('dashboard.') && path !== 'privacy.erase') continue;
      for (const userId of [[other], [own, other], { 0: other }, `${other},${own}`, null, 7]) {
        const given = { ...(input(other) as object), userId };
        const { status } = await (type === 'query'
          ? api.query(path, given, options)
          : api.mutate(path, given, options));
        expect(status, `${path} ${JSON.stringify(userId)}`).to.equal(400);
      }
    }
    expect(await api.sql('select from access_log')).to.deep.equal([]);
    expect(await api.sql('select from learners where user_id = $1', [other])).to.have.length(1);
  });
});
