// What a batch searches for in months must be found by index with one plan for all batches: months that nobody asks about stay closed.
import { expect } from 'chai';
import pg from 'pg';
import type { Reader, Tx } from '@studyin/domain/database';
import { findAttemptNumbers } from '../../src/stores/attempt-store.ts';
import { compareEvents } from '../../src/stores/event-store.ts';
import { eventIdAt } from '@studyin/testkit/test-domain';
import { crowd, crowdMember } from './dashboards/crowd.ts';
import { nodesOf, planOf, withoutMonth } from './dashboards/explain-plan.ts';
import type { Call } from './dashboards/explain-plan.ts';
import { id, useDashboardApp } from './dashboards/fixture.ts';

// The answers of the crowd lie in the months that there are now.
const asked = new Date();
const longAgo = new Date(asked.getTime() - 500 * 86_400_000);
const eventId = eventIdAt(asked.getTime());

/** An id that carries the time of an answer, as those of events do. */
const timedId = `(lpad(to_hex((extract(epoch from attempted_at) * 1000)::bigint), 12, '0') || '7' || left(md5(id::text), 3)
  || '8' || right(md5(id::text), 15))::uuid`;

const expected: Readonly<Record<string, RegExp>> = {
  'attempt.numbers': /^question_attempts_YYYY_MM_user_id_question_id_attempted_at_idx$/,
  'event.compare': /^study_events_YYYY_MM_pkey$/,
};

describe('the plans of a batch', () => {
  const app = useDashboardApp();
  let calls: readonly Call[] = [];
  let client: pg.Client;

  before(async function () {
    this.timeout(60_000);
    await crowd(app().database);
    calls = await callsOfBatch();
    // as: the configured pool does not show its URL; the pool's own settings do
    const { host, port, username, password, database } = app().database.sequelize.config as unknown as Record<
      string,
      string
    >;
    client = new pg.Client({ host, port: Number(port), user: username, password: password ?? undefined, database });
    await client.connect();
    await client.query(
      `insert into study_events (user_id, created_at, id, received_at, study_day, session_id, event_type, question_id, topic_id, properties)
      select user_id, attempted_at, ${timedId}, received_at, study_day, session_id, 'question_attempt', question_id, topic_id, '{}'
      from question_attempts`,
    );
    await client.query('analyze');
    await client.query('set plan_cache_mode = force_generic_plan');
  });
  after(() => client.end());

  it('reach rows by index', async () => {
    expect(calls.map(({ statement }) => statement.name)).to.deep.equal(Object.keys(expected));
    for (const call of calls) {
      const nodes = nodesOf(await planOf(client, call));
      const { name } = call.statement;
      const scanned = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']);
      // Some releases read the other tables whole, which are small here.
      expect(
        scanned.filter((table) => /_\d{4}_\d\d$/.test(table ?? '')),
        name,
      ).to.deep.equal([]);
      const indexes = nodes.flatMap((node) => withoutMonth(node['Index Name'] ?? '') || []);
      expect(
        indexes.some((index) => expected[name]?.test(index)),
        `${name}: ${indexes.join()}`,
      ).to.equal(true);
    }
  });

  it('leave months closed in which none of the learners had answered', async () => {
    const [numbers] = calls;
    if (numbers === undefined) throw new Error('no search for numbers');
    const opened = async (since: Date): Promise<number> => {
      const values = [...numbers.values.slice(0, -1), since];
      return nodesOf(await planOf(client, { ...numbers, values })).filter(
        (node) => node['Relation Name']?.startsWith('question_attempts_') === true,
      ).length;
    };
    expect(await opened(asked)).to.be.lessThan(await opened(longAgo));
  });
});

/** Each search as its store asks for it. */
async function callsOfBatch(): Promise<readonly Call[]> {
  const calls: Call[] = [];
  const reader: Reader = {
    query: (statement, values = []) => {
      calls.push({ statement, values });
      return Promise.resolve([]);
    },
  };
  const tx = reader as Tx; // as: all that these stores use of a transaction
  const [userId, questionId] = [crowdMember, id('question')];
  await findAttemptNumbers(tx, [{ position: 0, userId, questionId, id: eventId, attemptedAt: asked, since: asked }]);
  await compareEvents(tx, [
    {
      userId,
      id: eventId,
      receivedAt: asked,
      studyDay: asked.toISOString().slice(0, 10),
      timezone: null,
      sessionId: id('session'),
      eventType: 'question_attempt',
      materialId: null,
      chunkId: null,
      questionId,
      topicId: null,
      claimedTopicId: null,
      properties: {},
      clientIp: null,
      deviceType: null,
    },
  ]).catch(() => undefined); // nothing is stored here
  return calls;
}
