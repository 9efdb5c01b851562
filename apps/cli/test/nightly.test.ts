import { expect } from 'chai';
import { addDays, utcDayOf } from '@studyin/domain/algorithms';
import { connect, statement } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { awayFromMidnight } from '@studyin/testkit/away-from';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { makeHome } from './studyin.ts';
import type { Ended, Home } from './studyin.ts';

const selectWatermark = statement(
  'test.mastery_watermark',
  `select watermark::text as day from batch_runs where step = 'mastery'`,
);
// Whoever is in the day's sample: a learner without a fact, and a row that no fact makes.
const insertStray = statement(
  'test.stray_metrics',
  `with chosen as (
    select md5(n::text)::uuid as id
    from generate_series(1, 5000) n
    where hashtextextended(md5(n::text)::uuid::text || $1, 0) % 100 = 0
    limit 1
  ), learner as (
    insert into learners (user_id) select id from chosen
  )
  insert into user_learning_metrics (user_id, as_of) select id, $1::date from chosen`,
);

type Step = { readonly step: string; readonly day: string; readonly rows: number; readonly differences: number };
type Result = { readonly ok: boolean; readonly steps: readonly Step[] };

const resultOf = ({ json }: Ended): Result => json as Result; // as: the result line of `studyin nightly`

describe('studyin nightly', function () {
  this.timeout(120_000);
  const testDatabase = useTestDatabase();
  let home: Home;
  let database: Database;
  let yesterday: string;
  let dayBefore: string;
  before(async () => {
    await awayFromMidnight(60_000);
    yesterday = addDays(utcDayOf(Date.now()), -1);
    dayBefore = addDays(yesterday, -1);
    database = connect({ url: testDatabase().url, applicationName: 'nightly-test', poolSize: 1 });
    home = makeHome({ DATABASE_URL: testDatabase().url });
    const generated = await home.run(['generate', '--events', '300', '--users', '4', '--days', '20', '--json']);
    expect(generated.code, generated.stderr).equal(0);
  });
  after(async () => {
    home.remove();
    await database.close();
  });

  it('does the night of a day, verifies on the way, and ends with its steps as JSON', async () => {
    const night = await home.run(['nightly', '--as-of', dayBefore, '--json']);
    expect(night.code, night.stderr).equal(0);
    const { ok, steps } = resultOf(night);
    expect(ok).equal(true);
    expect(new Set(steps.map(({ day }) => day))).eql(new Set([dayBefore]));
    expect(steps.map(({ step }) => step)).includes.members(['daily-stats', 'mastery', 'peers', 'verify-sample']);
    expect(steps.find(({ step }) => step === 'mastery')?.rows).greaterThan(0);
    expect(steps.every(({ differences }) => differences === 0)).equal(true);
  });

  it('changes no row the second time', async () => {
    const again = await home.run(['nightly', '--as-of', dayBefore, '--json']);
    expect(again.code, again.stderr).equal(0);
    expect(resultOf(again).steps.map(({ rows }) => rows)).eql(resultOf(again).steps.map(() => 0));
  });

  it('goes on to yesterday where no day is named, and tells people of each step', async () => {
    const night = await home.run(['nightly']);
    expect(night.code, night.stderr).equal(0);
    expect(night.stdout).match(/mastery/);
    expect(await database.reader.query(selectWatermark)).eql([{ day: yesterday }]);
  });

  it('refuses a day that is not over and one before a night that is done, and a day that is none', async () => {
    const early = await home.run(['nightly', '--as-of', addDays(yesterday, 1)]);
    const late = await home.run(['nightly', '--as-of', dayBefore]);
    const strange = await home.run(['nightly', '--as-of', 'yesterday']);
    expect(early.stderr).includes(`The day ${addDays(yesterday, 1)} is not over in UTC`);
    expect(late.stderr).includes(`lies before that of ${yesterday}, which is done`);
    expect(strange.stderr).includes('--as-of');
    expect([early.code, late.code, strange.code]).eql([1, 1, 1]);
  });

  it('ends with 1 where the sample holds a row that is wrong, and says how many', async () => {
    await database.reader.query(insertStray, [yesterday]);
    const night = await home.run(['nightly', '--json']);
    expect(night.code).equal(1);
    const { ok, steps } = resultOf(night);
    expect(ok).equal(false);
    expect(steps.find(({ step }) => step === 'verify-sample')).include({ differences: 1 });
  });

  it('explains itself', async () => {
    const help = await home.run(['nightly', '--help']);
    expect(help.code).equal(0);
    expect(help.stdout).includes('--as-of').and.includes('Examples:\n  studyin nightly');
  });
});
