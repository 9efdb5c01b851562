import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { makeHome } from './studyin.ts';
import type { Home } from './studyin.ts';

describe('studyin models', function () {
  this.timeout(30_000);
  const database = useTestDatabase();
  let home: Home;
  before(() => {
    home = makeHome({ DATABASE_URL: database().url });
  });
  after(() => home.remove());

  it('lists the versions and which one is active', async () => {
    const { code, json } = await home.run(['models', 'list', '--json']);
    expect(code).equal(0);
    expect(json).nested.property('models[0]').include({ version: 0, active: true, answers: 0 });
    expect((await home.run(['models', 'list'])).stdout).matches(
      /version +made +answers +next question +mastery\n +0 .+ active\n/,
    );
  });

  it('activates a version, and says before what that would change', async () => {
    const owner = connect({ url: database().url, poolSize: 1, applicationName: 'studyin-test' });
    try {
      await owner.sequelize.query(
        `insert into mastery_models (version, answers, p0_right, p0_total, coefficients)
        select 1, 10, 5, 10, coefficients from mastery_models where version = 0`,
      );
      const dry = await home.run(['models', 'activate', '1', '--dry-run', '--json']);
      expect(dry.json).eql({ version: 1, learners: 0, rows: 0, changed: 0, examples: [] });
      expect((await home.run(['models', 'activate', '1', '--json'])).json).eql({ version: 1, before: 0, learners: 0 });
      const { json } = await home.run(['models', 'list', '--json']);
      expect(json).nested.property('models[1]').include({ version: 1, active: true });
    } finally {
      await owner.close();
    }
  });

  it('names a version that is not there, and what is missing', async () => {
    const missing = await home.run(['models', 'activate', '7']);
    expect(missing).include({ code: 1 });
    expect(missing.stderr).equal('studyin: There is no version 7 of the mastery model.\n');
    expect((await home.run(['models', 'activate'])).stderr).includes('Say which version to activate.');
  });

  it('makes none of too few answers', async () => {
    const { code, json, stderr } = await home.run(['refit', '--json']);
    expect({ code, json }).eql({ code: 1, json: { state: 'too_few', answers: 0, learners: 0 } });
    expect(stderr).includes('3,000 of 30 are needed');
  });
});
