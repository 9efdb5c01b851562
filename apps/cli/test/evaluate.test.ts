import { expect } from 'chai';
import type { Evaluation } from '@studyin/domain/algorithms';
import { makeHome } from './studyin.ts';
import type { Home } from './studyin.ts';

const t = Date.UTC(2024, 2, 4, 8) / 1000;
// 40 learners of growing ability, 25 questions of growing ease, four topics; each learner answers every ten minutes.
const rows = Array.from({ length: 3_600 }, (_, n) => {
  const user = n % 40;
  const item = (n * 7 + user) % 25;
  const isCorrect = (n * 37 + user * 11) % 100 < 15 + user + 1.6 * item;
  return { user, item, skill: item % 4, correct: isCorrect ? 1 : 0, t: t + Math.floor(n / 40) * 600 };
});
const log = (columns: readonly (keyof (typeof rows)[number])[], times?: (n: number) => number): string =>
  [
    columns.join(','),
    ...rows.map((row, n) => columns.map((name) => (name === 't' && times ? times(n) : row[name])).join(',')),
    '',
  ].join('\n');

describe('studyin evaluate', function () {
  this.timeout(30_000);
  let home: Home;
  before(() => {
    home = makeHome();
  });
  after(() => home.remove());

  const evaluated = async (text: string): Promise<Evaluation> => {
    const { code, json, stderr } = await home.run(['evaluate', home.write('answers.csv', text), '--json']);
    expect(code, stderr).equal(0);
    return json as Evaluation; // as: the test states what the command promises
  };

  it('measures every forecast of a log, without a database, the same in every run', async () => {
    const first = await evaluated(log(['user', 'item', 'skill', 'correct', 't']));
    expect(first).property('attempts', 3_600);
    for (const figure of ['auc', 'logLoss', 'ece'] as const) {
      expect(Object.keys(first[figure])).eql(['masteryV1', 'masteryV2', 'nextQuestion']);
    }
    expect(first.versions).to.have.length(1);
    expect(first.auc.nextQuestion).above(first.auc.masteryV1 ?? 1);
    expect(await evaluated(log(['user', 'item', 'skill', 'correct', 't']))).eql(first);
  });

  it('shows a table with reliability', async () => {
    const file = home.write('answers.csv', log(['user', 'item', 'skill', 'correct', 't']));
    const { stdout } = await home.run(['evaluate', file]);
    expect(stdout).includes('3,600 answers of 40 learners, 25 questions, 4 topics');
    expect(stdout).matches(/forecast +AUC +log-loss +ECE\n +mastery-v1 +0\.\d{3}/);
    expect(stdout).matches(/next question: what was forecast, and what came of it\n +forecast +answers +mean +right\n/);
    expect(stdout).matches(/ 50 to 60% +[\d,]+ +5\d\.\d% +\d+\.\d%\n/);
  });

  it('takes a log of mere order, which knows no pauses', async () => {
    const columns = ['user', 'item', 'skill', 'correct', 't'] as const;
    const inOrder = await evaluated(log(columns, (n) => n));
    expect(await evaluated(log(columns, (n) => 3 * n + 5))).eql(inOrder);
    const { stderr } = await home.run([
      'evaluate',
      home.write(
        'order.csv',
        log(columns, (n) => n),
      ),
      '--json',
    ]);
    expect(stderr).includes('t is an order, no time');
  });

  it('takes a log without items: once fitted, a question is forecast as its topic is', async () => {
    const { auc, logLoss, versions } = await evaluated(log(['user', 'skill', 'correct', 't']));
    const [{ after }] = versions as [(typeof versions)[number]]; // as: the log is made for one
    expect(after.nextQuestion).closeTo(after.mastery, 1e-6).below(0.05);
    // Most of this log lies before that version. Each learner is nearly always right in a topic or nearly always wrong, which a
    // topic's own answers tell sooner than the ability over all topics, that of the plain forecast of a question.
    expect(auc.nextQuestion).closeTo(auc.masteryV2 ?? 0, 0.02);
    expect(logLoss.nextQuestion).closeTo(0.344, 0.001);
    expect(logLoss.masteryV2).closeTo(0.232, 0.001);
  });

  it('names the line at fault', async () => {
    const refused = async (text: string): Promise<string> => {
      const { code, stdout, stderr } = await home.run(['evaluate', home.write('wrong.csv', text), '--json']);
      expect({ code, stdout }).eql({ code: 1, stdout: '' });
      return stderr.replaceAll(`${home.folder}/`, '').split('\n').at(-2) ?? '';
    };
    expect(await refused('user,correct\n')).equal(
      'studyin: wrong.csv, line 1: the header lacks skill, t; it must have user,skill,correct,t.',
    );
    expect(await refused('user,skill,correct,t\n1,1,1,5\n1,1,2,6\n')).equal(
      'studyin: wrong.csv, line 3: correct must be 0 or 1.',
    );
  });
});
