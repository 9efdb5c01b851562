import { expect } from 'chai';
import { startTestApi, tokenFor } from './test-api.ts';
import type { Answer, TestApi } from './test-api.ts';
import { addCurriculum, newId, newLearner, sessionId } from './test-curriculum.ts';

const reason = { 'x-access-reason': 'new year' };

describe('cohorts', () => {
  let api: TestApi;
  const service = newLearner();
  const teacher = newLearner();
  const [one, two, outsider] = [newLearner(), newLearner(), newLearner()];
  const cohortId = newLearner();

  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
    for (const userId of [one, two, outsider]) {
      await api.mutate(
        'tracking.sessionStart',
        { eventId: newId(), sessionId },
        { token: await tokenFor(userId, 'learner') },
      );
    }
  });
  after(() => api.stop());

  const change = async (path: string, input: object): Promise<Answer> =>
    api.mutate(path, input, { token: await tokenFor(service, 'service') });
  const asTeacher = async (path: string, input: object): Promise<Answer> =>
    api.query(path, input, { token: await tokenFor(teacher, 'instructor') });
  const learner = (userId: string) => ({ userId, role: 'learner' });

  it('open their learners to their instructors, and to no other', async () => {
    expect((await asTeacher('dashboard.overview', { userId: one })).status).to.equal(404);
    expect((await change('cohorts.addMembers', { cohortId, members: [learner(one)] })).status).to.equal(404);
    expect((await change('cohorts.save', { cohortId, name: 'Year 2' })).data).to.deep.equal({
      cohortId,
      name: 'Year 2',
    });
    const members = [learner(one), learner(two), { userId: teacher, role: 'instructor' }];
    expect((await change('cohorts.addMembers', { cohortId, members })).data).to.deep.equal({ erased: [] });
    expect((await asTeacher('dashboard.overview', { userId: one })).status).to.equal(200);
    expect((await asTeacher('dashboard.overview', { userId: outsider })).status).to.equal(404);
    const other = await api.query(
      'dashboard.overview',
      { userId: one },
      { token: await tokenFor(outsider, 'instructor') },
    );
    expect(other.status).to.equal(404);
    const fellow = await api.query('dashboard.overview', { userId: two }, { token: await tokenFor(one, 'instructor') });
    expect(fellow.status, 'a learner of the cohort is no instructor of it').to.equal(404);
    expect((await change('cohorts.removeMembers', { cohortId, userIds: [two, outsider] })).data).to.deep.equal({
      removed: 1,
    });
    expect((await asTeacher('dashboard.overview', { userId: two })).status).to.equal(404);
  });

  it('are listed to their instructors, in pages, and their members with a row in the access log', async () => {
    const others = await Promise.all(
      ['A', 'B'].map(async (name) => change('cohorts.save', { cohortId: newLearner(), name })),
    );
    expect(others.map(({ status }) => status)).to.deep.equal([200, 200]);
    expect((await asTeacher('cohorts.list', {})).data).to.deep.equal({
      cohorts: [{ cohortId, name: 'Year 2', members: 2 }],
      nextCursor: null,
    });
    const stored = await api.sql<{ name: string }>('select name from cohorts');
    for (const { name } of stored) expect(name).to.match(/^v1\.[\w-]{38,}$/);
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Answer = await api.query(
        'cohorts.list',
        { limit: 1, cursor },
        { token: await tokenFor(service, 'service') },
      );
      const { cohorts, nextCursor } = page.data as { cohorts: { name: string }[]; nextCursor: string | null }; // as: its output
      names.push(...cohorts.map(({ name }) => name));
      cursor = nextCursor;
    } while (cursor !== null);
    expect(names.sort()).to.deep.equal(['A', 'B', 'Year 2']);
    await api.sql('delete from access_log');
    const read = async (page: object): Promise<{ members: { userId: string }[]; nextCursor: string | null }> =>
      (await asTeacher('cohorts.members', { cohortId, ...page })).data as {
        members: { userId: string }[];
        nextCursor: string | null;
      }; // as: its output
    const first = await read({ limit: 1 });
    const second = await read({ limit: 1, cursor: first.nextCursor });
    expect([...first.members, ...second.members].map(({ userId }) => userId)).to.have.members([one, teacher]);
    expect(second.nextCursor).to.equal(null);
    expect(await api.sql('select actor_id, action from access_log')).to.deep.equal([
      { actor_id: teacher, action: 'cohorts.members' },
    ]);
  });

  it('are listed with names of before they were sealed, and also where the key is another one', async () => {
    const [plain, foreign] = [newLearner(), newLearner()];
    const sealed = `v1.${Buffer.alloc(40).toString('base64url')}`;
    await api.sql(`insert into cohorts (id, name) values ($1, 'Year 1'), ($2, $3)`, [plain, foreign, sealed]);
    const { data } = await api.query('cohorts.list', {}, { token: await tokenFor(service, 'service') });
    const { cohorts } = data as { cohorts: { cohortId: string; name: string }[] }; // as: its output
    const nameOf = (id: string) => cohorts.find((cohort) => cohort.cohortId === id)?.name;
    expect([nameOf(plain), nameOf(foreign)]).to.deep.equal(['Year 1', '(sealed under another key)']);
    await api.sql('delete from cohorts where id = any($1)', [[plain, foreign]]);
  });

  it('take no name of the one who gives it', async () => {
    const token = await tokenFor(newLearner(), 'admin', { family_name: 'Canarybird' });
    const save = (name: string) => api.mutate('cohorts.save', { cohortId: newLearner(), name }, { token });
    const { status, error } = await save('Group of Canarybird');
    expect([status, error?.data.reason, error?.data.path]).to.deep.equal([400, 'pii', 'name']);
    expect((await save('Group of birds')).status).to.equal(200);
  });

  it('take nobody who was erased, and forget who is', async () => {
    await api.mutate('privacy.erase', {}, { token: await tokenFor(two, 'learner') });
    const { data } = await change('cohorts.addMembers', { cohortId, members: [learner(two), learner(outsider)] });
    expect(data).to.deep.equal({ erased: [two] });
    await api.mutate('privacy.erase', {}, { token: await tokenFor(outsider, 'learner') });
    expect(
      await api.sql('select user_id from cohort_members where user_id = any($1)', [[two, outsider]]),
    ).to.deep.equal([]);
  });

  it('are changed by an admin only with a reason, and removed with their memberships', async () => {
    const token = await tokenFor(newLearner(), 'admin');
    const bare = await api.mutate('cohorts.addMembers', { cohortId, members: [learner(one)] }, { token });
    expect([bare.status, bare.error?.data.path]).to.deep.equal([400, 'x-access-reason']);
    expect((await api.mutate('cohorts.remove', { cohortId }, { token, headers: reason })).data).to.deep.equal({
      removed: true,
    });
    expect((await api.mutate('cohorts.remove', { cohortId }, { token, headers: reason })).data).to.deep.equal({
      removed: false,
    });
    expect((await asTeacher('dashboard.overview', { userId: one })).status).to.equal(404);
    expect((await asTeacher('cohorts.members', { cohortId })).status).to.equal(404);
  });

  it('refuse names that hold an address, and lists that are none', async () => {
    for (const [path, input] of [
      ['cohorts.save', { cohortId, name: 'ask jo@example.org' }],
      ['cohorts.save', { cohortId, name: ['Year 2'] }],
      ['cohorts.save', { cohortId: [cohortId], name: 'Year 2' }],
      ['cohorts.addMembers', { cohortId, members: [] }],
      ['cohorts.addMembers', { cohortId, members: [{ userId: one, role: 'admin' }] }],
      ['cohorts.removeMembers', { cohortId, userIds: one }],
    ] as const) {
      expect((await change(path, input)).status, path).to.equal(400);
    }
  });
});
