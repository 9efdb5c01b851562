// An update must read of a learner's answers those of the days asked for, whatever the tables held when its plans were made: here nothing.
import { expect } from 'chai';
import pg from 'pg';
import type { Reader, Tx } from '@studyin/domain/database';
import { idOf, openTestDomain } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { listRecent } from '../../src/stores/gap-store.ts';
import { planByIndex } from '../../src/stores/plan-store.ts';
import { listAttemptsOfDays } from '../../src/stores/study-facts-store.ts';
import { nodesOf, planOf, withoutMonth } from './dashboards/explain-plan.ts';
import type { Call } from './dashboards/explain-plan.ts';

const userId = idOf('planned learner', 1);
const range = { fromMs: Date.UTC(2026, 1, 1), toMs: Date.UTC(2026, 1, 3) };

describe('the plans of an update', () => {
  let domain: TestDomain;
  let client: pg.Client;
  before(async () => {
    domain = await openTestDomain();
    client = new pg.Client({ connectionString: domain.database.url });
    await client.connect();
    for (const { statement } of await callsOf((tx) => Promise.resolve(planByIndex(tx)))) {
      await client.query(statement.text.replaceAll(', true)', ', false)')); // for the session
    }
  });
  after(async () => {
    await client.end();
    await domain.close();
  });

  const expectByTime = async (search: (tx: Tx) => Promise<unknown>): Promise<void> => {
    const [call] = await callsOf(search);
    if (call === undefined) throw new Error('nothing was asked');
    const read = nodesOf(await planOf(client, call)).filter(
      (node) => node['Relation Name']?.startsWith('question_attempts_') === true,
    );
    expect(read).to.not.deep.equal([]);
    for (const node of read) {
      expect(withoutMonth(node['Index Name'] ?? '')).to.equal('question_attempts_YYYY_MM_pkey');
      expect(node['Index Cond']).to.match(/attempted_at/);
    }
  };

  it('find the answers of days by their time', () =>
    expectByTime((tx) => listAttemptsOfDays(tx, [{ userId, studyDay: '2026-02-02', ...range }])));

  it('find recent answers by their time', () =>
    expectByTime((tx) => listRecent(tx, [{ userId, ...range, most: 40, topicIds: null }])));
});

/** What is asked of a transaction, or sent to it. */
async function callsOf(use: (tx: Tx) => Promise<unknown>): Promise<readonly Call[]> {
  const calls: Call[] = [];
  const texts = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
  const add: Tx['send'] = (statement, values) => {
    calls.push({ statement, values: values.map((value) => (Array.isArray(value) ? value.map(texts) : value)) });
  };
  const query: Reader['query'] = (statement, values = []) => {
    add(statement, values);
    return Promise.resolve([]);
  };
  const tx: Pick<Tx, 'query' | 'send'> = { query, send: add };
  await use(tx as Tx); // as: all that these stores use of a transaction
  return calls;
}
