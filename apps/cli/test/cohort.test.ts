import { expect } from 'chai';
import { eraseLearner } from '@studyin/domain/services';
import { connectEraser } from '@studyin/domain/database';
import { idOf, openTestDomain, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { homeOf } from './studyin.ts';
import type { Ended, Home } from './studyin.ts';

const cohort = idOf('cohort', 1);
const [one, two, teacher] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];

describe('studyin cohort', function () {
  this.timeout(60_000);
  let domain: TestDomain;
  let home: Home;
  before(async () => {
    domain = await openTestDomain();
    home = homeOf(domain);
  });
  after(async () => {
    home.remove();
    await domain.close();
  });

  const run = (...args: readonly string[]): Promise<Ended> => home.run(['cohort', ...args]);
  const json = async (...args: readonly string[]): Promise<unknown> => {
    const { code, json: result, stderr } = await run(...args, '--json');
    expect(code, stderr).equal(0);
    return result;
  };
  const query = async (text: string): Promise<unknown> => (await domain.app.database.sequelize.query(text))[0];
  const because = ['--reason', 'new year'] as const;

  it('create makes one and names it anew, and list shows them', async () => {
    const made = await run('create', '--name', ' Year 2 ', '--cohort', cohort.toUpperCase());
    expect(made.stdout, made.stderr).equal(`  ✔ Year 2: ${cohort}\n`);
    const other = (await json('create', '--name', 'Lab')) as { readonly cohortId: string }; // as: what it promises
    expect(other.cohortId)
      .match(/^[0-9a-f-]{36}$/)
      .and.not.equal(cohort);
    expect(await json('create', '--name', 'Year 3', '--cohort', cohort)).eql({ cohortId: cohort, name: 'Year 3' });
    const page = (await json('list', '--limit', '1')) as { readonly nextCursor: string }; // as: what it promises
    expect(page).deep.include({ cohorts: [{ cohortId: other.cohortId, name: 'Lab', members: 0 }] });
    expect(await json('list', '--cursor', page.nextCursor)).eql({
      cohorts: [{ cohortId: cohort, name: 'Year 3', members: 0 }],
      nextCursor: null,
    });
    expect((await run('list')).stdout).match(/^ {2}cohort +members {2}name\n.+Lab\n.+ 0 +Year 3\n$/);
    expect(await query('select from access_log')).eql([]);
  });

  it('add, list and remove change and show members, each with a row in the access log', async () => {
    const database = connectEraser({
      url: domain.database.url,
      role: 'studyin_runtime',
      applicationName: 'studyin-test-eraser',
    });
    await eraseLearner({ database, keys: testKeys }, { userId: two, actor: null, reason: null });
    await database.close();
    const users = ['--user', one, '--user', two, '--user', one];
    expect(await json('add', '--cohort', cohort, ...users, ...because)).eql({
      cohortId: cohort,
      added: 1,
      erased: [two],
    });
    const asTeacher = ['--user', teacher, '--role', 'instructor'];
    expect(await json('add', '--cohort', cohort, ...asTeacher, ...because)).deep.include({ added: 1, erased: [] });
    const members = [
      { userId: one, role: 'learner' },
      { userId: teacher, role: 'instructor' },
    ].sort((a, b) => (a.userId < b.userId ? -1 : 1));
    expect(await json('list', '--cohort', cohort, ...because)).eql({ members, nextCursor: null });
    const last = members[0]?.userId ?? '';
    expect(await json('list', '--cohort', cohort, '--cursor', last, ...because)).eql({
      members: members.slice(1),
      nextCursor: null,
    });
    expect(await json('remove', '--cohort', cohort, '--user', one, '--user', two, ...because)).eql({
      cohortId: cohort,
      removed: 1,
    });
    expect(
      await query(`select action, count(*)::int as n from access_log where actor_role = 'operator' and reason like 'v1.%'
        group by 1 order by 1`),
    ).eql([
      { action: 'cohorts.addMembers', n: 2 },
      { action: 'cohorts.members', n: 3 },
      { action: 'cohorts.removeMembers', n: 1 },
    ]);
  });

  it('delete takes the memberships with it, and says where there was nothing', async () => {
    expect(await json('delete', '--cohort', cohort, ...because)).eql({ cohortId: cohort, removed: true });
    expect(await query(`select from cohort_members`)).eql([]);
    expect((await run('delete', '--cohort', cohort, ...because)).stdout).equal('  There is no such cohort.\n');
    expect(await query(`select count(*)::int as n from access_log where action = 'cohorts.remove'`)).eql([{ n: 1 }]);
  });

  it('refuses in one line names with an address, changes without a reason, and what is not there', async () => {
    const lines = await Promise.all(
      [
        ['create', '--name', 'ask jo@example.org'],
        ['add', '--cohort', cohort, '--user', one],
        ['add', '--cohort', cohort, '--user', one, ...because],
        ['list', '--cohort', cohort, '--cursor', 'x', ...because],
      ].map((args) => run(...args)),
    );
    expect(lines.map(({ code }) => code)).eql([1, 1, 1, 1]);
    expect(lines.map(({ stderr }) => stderr.split(/[,.]/)[0])).eql([
      'studyin: A --name has 1 to 100 characters and holds nobody’s address',
      'studyin: Say why',
      'studyin: There is no such cohort',
      'studyin: A --cursor of members is the id that the page before ended with',
    ]);
  });
});
