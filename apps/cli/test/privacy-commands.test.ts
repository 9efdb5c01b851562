import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import { findResidue } from '@studyin/testkit/find-residue';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { makeHome } from './studyin.ts';
import type { Home } from './studyin.ts';

describe('commands about one learner', function () {
  this.timeout(120_000);
  const database = useTestDatabase();
  let home: Home;
  before(async () => {
    home = makeHome({ DATABASE_URL: database().url });
    const { code, stderr } = await home.run(['generate', '--events', '2000', '--users', '4', '--days', '40', '--json']);
    expect(code, stderr).equal(0);
  });
  after(() => home.remove());

  const query = async <Row extends object>(text: string): Promise<readonly Row[]> => {
    const owner = connect({ url: database().url, poolSize: 1, applicationName: 'studyin-test' });
    try {
      return await owner.reader.query<Row>(statement('', text));
    } finally {
      await owner.close();
    }
  };
  const someLearner = async (): Promise<string> => {
    const [learner] = await query<{ id: string }>(`select user_id as id from learners order by user_id limit 1`);
    return learner?.id ?? '';
  };

  it('erase prints the receipt, leaves nothing but the tombstone and the audit, and the rest sound', async () => {
    const user = await someLearner();
    const args = ['erase', '--user', user, '--reason', 'asked by letter'];
    const { code, stdout, stderr } = await home.run(args);
    expect(code, stderr).equal(0);
    expect(stdout)
      .match(/^Erased at .+: [\d,]+ rows\.$/m)
      .and.match(/^ {2}study_events +\d+$/m);
    expect(await findResidue(database().url, [user])).eql([]);
    expect(await query(`select actor_role, action, reason from access_log`)).eql([
      { actor_role: 'operator', action: 'privacy.erase', reason: 'asked by letter' },
    ]);
    const again = await home.run([...args, '--json']);
    expect(stdout).includes(`receipt ${(again.json as { hash: string }).hash}`);
    expect((await home.run(['verify', '--json'])).code).equal(0);
    expect((await home.run(['erase', '--unfinished', '--json'])).json).eql({ finished: 0 });
  });

  it('refuse in one line what cannot be', async () => {
    const user = await someLearner();
    const lines = await Promise.all(
      [['erase'], ['erase', '--user', user], ['erase', '--user', user, '--reason', 'x', '--unfinished']].map((args) =>
        home.run(args),
      ),
    );
    expect(lines.map(({ code }) => code)).eql([1, 1, 1]);
    expect(lines[0]?.stderr).equal('studyin: Say either --user or --unfinished.\n');
    expect(lines[1]?.stderr).match(/^studyin: Say why, with --reason/);
    expect(await someLearner()).equal(user);
  });
});
