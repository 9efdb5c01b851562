import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { useTestDatabase } from '@studyin/testkit/test-database';
import { waitFor } from '@studyin/testkit/wait-for';
import { makeHome } from './studyin.ts';
import type { Ended, Home } from './studyin.ts';

const t = Date.UTC(2019, 4, 6, 8) / 1000;
// Six learners, four skills, some answers in one second, some days apart; right more often as they go on.
const lines = Array.from({ length: 240 }, (_, n) => {
  const user = n % 6;
  const seconds = t + Math.floor(n / 24) * 86_400 + (n % 24) * 45 - (n % 5 === 0 ? 45 : 0);
  return `u${user},${n % 17},s${n % 4},${(n * 31 + user) % 240 < 90 + n / 3 ? 1 : 0},${seconds},${1_000 + 37 * n}`;
});
const log = ['user,item,skill,correct,t,rt_ms', ...lines, ''].join('\n');

type Result = {
  readonly attempts: number;
  readonly accepted: number;
  readonly seconds: number;
  readonly verify: string;
};
const resultOf = ({ json, stderr }: Ended): Result => {
  expect(json, stderr).not.equal(null);
  return json as Result; // as: the test states what the command promises
};

/** The worker that a command has started. */
function workerOf(command: number | undefined): number {
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const found = processes.map((line) => /^\s*(\d+)\s+(\d+)\s.*worker\/src\/main\.ts/.exec(line));
  return Number(found.find((worker) => Number(worker?.[2]) === command)?.[1]);
}

describe('studyin replay', function () {
  this.timeout(90_000);
  const database = useTestDatabase();
  let home: Home;
  let owner: Database;
  before(() => {
    home = makeHome({ DATABASE_URL: database().url });
    owner = connect({ url: database().url, poolSize: 1, applicationName: 'studyin-test' });
  });
  after(async () => {
    home.remove();
    await owner.close();
  });

  const derived = async (): Promise<unknown> => {
    const tables = [
      'topic_mastery',
      'question_progress',
      'daily_user_stats',
      'user_learning_metrics',
      'study_sessions',
    ];
    const sql = tables.map(
      (table) => `select '${table}' as t, (to_jsonb(x) - 'calculated_at')::text as row from ${table} x`,
    );
    return (await owner.sequelize.query(`${sql.join(' union all ')} order by 1, 2`))[0];
  };

  it('sends a log, ends verified, and adds nothing when it is sent again', async () => {
    const file = home.write('answers.csv', log);
    const first = await home.run(['replay', file, '--json']);
    expect(resultOf(first)).deep.include({ attempts: 240, accepted: 240, verify: 'ok' });
    expect(first.json).nested.property('auc.masteryV1').within(0, 1);
    expect(first.json).nested.property('auc.masteryV1Practised').within(0, 1);
    expect(first.code).equal(0);
    const rows = await derived();
    const [lastAnswer] = (
      await owner.sequelize.query(`select extract(epoch from now() - max(attempted_at)) as age from question_attempts`)
    )[0];
    expect(Number((lastAnswer as { age: string }).age)).within(0, 7 * 86_400);
    const second = await home.run(['replay', file, '--json']);
    expect(resultOf(second)).deep.include({ attempts: 240, accepted: 0, verify: 'ok' });
    expect(second.json)
      .property('auc')
      .eql((first.json as { auc: unknown }).auc);
    expect(await derived()).eql(rows);
  });

  it('ends in the same rows when the worker is killed during it', async () => {
    const rows = await derived();
    await owner.sequelize.query(
      'truncate study_events, question_attempts, study_sessions, learners, learner_progress, question_progress, topic_mastery, daily_user_stats, weekly_user_stats, topic_daily_stats, user_learning_metrics, dirty_days, knowledge_gaps',
    );
    const run = home.start(['replay', home.write('answers.csv', log), '--json']);
    await waitFor(() => run.output.stderr.includes('✔ API and worker'), { timeoutMs: 20_000 });
    process.kill(workerOf(run.child.pid), 'SIGKILL');
    const ended = await run.ended;
    expect(ended.stderr).includes('the worker ended (SIGKILL) and is started again');
    expect(resultOf(ended)).deep.include({ attempts: 240, accepted: 240, verify: 'ok' });
    expect(await derived()).eql(rows);
  });

  it('takes the first users alone, and the same ids as with all', async () => {
    const some = await home.run(['replay', home.write('answers.csv', log), '--limit-users', '2', '--json']);
    expect(resultOf(some)).deep.include({ attempts: 80, accepted: 0, verify: 'ok' });
  });

  it('is followed by a verify that finds a changed row and says which', async () => {
    expect(await home.run(['verify', '--json'])).property('code', 0);
    await owner.sequelize.query(
      `update topic_mastery set mastery_score = 0.123 where user_id = (select min(user_id::text)::uuid from topic_mastery)`,
    );
    const { code, json, stderr } = await home.run(['verify', '--json']);
    expect(code).equal(1);
    expect(json).property('ok', false);
    expect(stderr).matches(/✘ derived: 2 differences\n +topic_mastery/);
  });

  it('names the line of a log that cannot be read, and starts nothing', async () => {
    const refused = async (text: string | null): Promise<string> => {
      const file = text === null ? `${home.folder}/missing.csv` : home.write('wrong.csv', text);
      const { code, stdout, stderr } = await home.run(['replay', file]);
      expect({ code, stdout }).eql({ code: 1, stdout: '' });
      return stderr.replaceAll(`${home.folder}/`, '');
    };
    expect(await refused(null)).equal('studyin: missing.csv cannot be read (ENOENT).\n');
    expect(await refused('user,item,correct\n')).equal(
      'studyin: wrong.csv, line 1: the header lacks skill, t; it must have user,item,skill,correct,t.\n',
    );
    const header = 'user,item,skill,correct,t\n';
    expect(await refused(`${header}1,1,1,1,1557129600\n1,1,1,maybe,1557129601\n`)).equal(
      'studyin: wrong.csv, line 3: correct must be 0 or 1.\n',
    );
    expect(await refused(`${header}1,1,1,1\n`)).equal('studyin: wrong.csv, line 2: 4 fields, the header has 5.\n');
    expect(await refused(`${header}1,1,1,1,yesterday\n`)).equal(
      'studyin: wrong.csv, line 2: t must be whole Unix seconds.\n',
    );
    expect(await refused(header)).equal('studyin: wrong.csv holds no answers.\n');
  });
});
