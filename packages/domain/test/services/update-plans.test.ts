// What the update of a learner searches for must be found once for each day, not once for each day and question.
import { expect } from 'chai';
import pg from 'pg';
import { importCurriculum, loadHistory } from '@studyin/domain/services';
import type { Statement, Tx } from '@studyin/domain/database';
import { historyCurriculum, randomHistory } from '@studyin/testkit/random-history';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { planByIndex } from '../../src/stores/plan-store.ts';
import { listAttemptsOfDays } from '../../src/stores/study-facts-store.ts';
import { nodesOf, planOf } from './dashboards/explain-plan.ts';
import type { Call } from './dashboards/explain-plan.ts';

const DAY_MS = 86_400_000;
const userId = idOf('learner with a past', 1);

describe('the plan of an update', () => {
  let domain: TestDomain;
  let client: pg.Client;
  before(async function () {
    this.timeout(60_000);
    domain = await openTestDomain();
    await importCurriculum(domain.app, historyCurriculum);
    const startMs = Math.floor(Date.now() / DAY_MS - 600) * DAY_MS;
    const items = randomHistory({ seed: 5, startMs, days: 590, sessions: 600 });
    await loadHistory(
      domain.app,
      items.map((item) => ({ ...item, userId })),
    );
    client = new pg.Client({ connectionString: domain.database.url });
    await client.connect();
    // As autovacuum does while a first learner is being imported: there is no progress yet, so it looks cheap to begin with.
    await client.query('analyze');
  });
  after(async () => {
    await client.end();
    await domain.close();
  });

  it('finds the answers of a day by their time, and not by each question that the learner knows', async () => {
    const days = Array.from({ length: 3 }, (_, n) => ({
      userId,
      studyDay: `2026-03-1${n}`,
      fromMs: Date.UTC(2026, 2, 9 + n),
      toMs: Date.UTC(2026, 2, 12 + n),
    }));
    const [settings, answers] = await callsOf(async (tx) => {
      planByIndex(tx);
      await listAttemptsOfDays(tx, days);
    });
    if (settings === undefined || answers === undefined) throw new Error('no search for answers');
    await client.query('begin');
    await client.query(settings.statement.text);
    const nodes = nodesOf(await planOf(client, answers));
    await client.query('rollback');
    const tables = nodes.flatMap((node) => node['Relation Name']?.replace(/_\d{4}_\d\d$/, '') ?? []);
    // In the order of a plan: what is looked up for each of something else stands after it.
    expect([...new Set(tables)]).to.deep.equal(['question_attempts', 'question_progress']);
    const conditions = nodes.flatMap((node) =>
      node['Relation Name']?.startsWith('question_attempts_') === true ? (node['Index Cond'] ?? node['Node Type']) : [],
    );
    expect(conditions.filter((condition) => !/user_id.*attempted_at.*attempted_at/.test(condition))).to.deep.equal([]);
  });
});

/** What stores ask for. */
async function callsOf(ask: (tx: Tx) => Promise<unknown>): Promise<readonly Call[]> {
  const calls: Call[] = [];
  const query = (statement: Statement, values: readonly unknown[] = []) => {
    calls.push({ statement, values });
    return Promise.resolve([]);
  };
  await ask({ query, send: query } as unknown as Tx); // as: all that these stores use of a transaction
  return calls;
}
