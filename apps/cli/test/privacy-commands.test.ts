import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import { findResidue } from '@studyin/testkit/find-residue';
import { createTestDatabase, useTestDatabase } from '@studyin/testkit/test-database';
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

  it('export writes a whole file or standard output, and import stores it in another database', async () => {
    const user = await someLearner();
    const out = join(home.folder, 'learner.jsonl');
    const args = ['export', '--user', user, '--reason', 'moves on'];
    const { code, json, stderr } = await home.run([...args, '--out', out, '--json']);
    expect(code, stderr).equal(0);
    const rowsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('{"table"'));
    expect(json).include({ file: out, rows: rowsIn(readFileSync(out, 'utf8')).length });
    const piped = await home.run(args);
    const isOwn = (line: string): boolean => !line.startsWith('{"table":"access_log"');
    expect(rowsIn(piped.stdout).filter(isOwn)).eql(rowsIn(readFileSync(out, 'utf8')).filter(isOwn));
    expect((await home.run(['import', out, '--reason', 'came'])).stderr).equal(
      'studyin: There is this learner already.\n',
    );
    const other = await createTestDatabase();
    try {
      const there = { DATABASE_URL: other.url };
      const curriculum = await home.run(['import', out, '--reason', 'came'], there);
      expect(curriculum.stderr).match(
        /^studyin: \d+ topics of the file are not in the curriculum; import that first\.\n$/,
      );
      await home.run(['generate', '--events', '100', '--users', '1', '--seed', '9', '--json'], there);
      const imported = await home.run(['import', out, '--reason', 'came', '--json'], there);
      expect(imported.code, imported.stderr).equal(0);
      expect(imported.json).include({ userId: user });
      expect((await home.run(['verify', '--json'], there)).code).equal(0);
    } finally {
      await other.drop();
    }
    expect(await query(`select action, count(*)::int as n from access_log group by 1 order by 1`)).eql([
      { action: 'export', n: 2 },
    ]);
  });

  it('erase prints the receipt, leaves nothing but the tombstone and the audit, and the rest sound', async () => {
    const user = await someLearner();
    const args = ['erase', '--user', user, '--reason', 'asked by letter'];
    const { code, stdout, stderr } = await home.run(args);
    expect(code, stderr).equal(0);
    expect(stdout)
      .match(/^Erased at .+: [\d,]+ rows\.$/m)
      .and.match(/^ {2}study_events +\d+$/m);
    expect(await findResidue(database().url, [user])).eql([]);
    expect(
      await query(`select actor_role, action, left(reason, 3) as seal from access_log where action <> 'export'`),
    ).eql([{ actor_role: 'operator', action: 'privacy.erase', seal: 'v1.' }]);
    const again = await home.run([...args, '--json']);
    expect(stdout).includes(`receipt ${(again.json as { hash: string }).hash}`);
    expect((await home.run(['verify', '--json'])).code).equal(0);
    expect((await home.run(['erase', '--unfinished', '--json'])).json).eql({ finished: 0 });
  });

  it('refuse in one line what cannot be', async () => {
    const user = await someLearner();
    const lines = await Promise.all(
      [
        ['erase'],
        ['erase', '--user', user],
        ['export', '--user', user],
        ['import', join(home.folder, 'none.jsonl'), '--reason', 'came'],
      ].map((args) => home.run(args)),
    );
    expect(lines.map(({ code }) => code)).eql([1, 1, 1, 1]);
    expect(lines[0]?.stderr).equal('studyin: Say either --user or --unfinished.\n');
    expect(lines[1]?.stderr).match(/^studyin: Say why, with --reason/);
    expect(lines[2]?.stderr).match(/^studyin: Say why, with --reason/);
    expect(lines[3]?.stderr).match(/none\.jsonl cannot be read\.\n$/);
    expect(await someLearner()).equal(user);
  });
});
