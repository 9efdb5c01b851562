// What two callers, two processes and a full queue do to each other, over HTTP and on a real database.
import { expect } from 'chai';
import { connect, statement } from '@studyin/domain/database';
import { eventIdAt } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { envToConfig } from '../../src/config.ts';
import { startApi } from '../../src/start-api.ts';
import { encode, startTestApi, testEnv, tokenFor } from '../test-api.ts';
import type { TestApi } from '../test-api.ts';
import { addCurriculum, attempt, item, newId, newLearner } from '../test-curriculum.ts';

type Results = { readonly results: readonly { readonly eventId: string; readonly status: string }[] };

const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

describe('concurrent writers', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi({ STUDYIN_RATE_LIMIT_PER_MINUTE: '0', STUDYIN_INGEST_QUEUE_ITEMS: '1000' });
    await addCurriculum(api);
  });
  after(() => api.stop());

  /** Holds a learner's row from outside, so that whoever writes them waits. */
  const hold = async (userId: string): Promise<() => Promise<void>> => {
    const owner = connect({ url: api.database.url, poolSize: 1, applicationName: 'studyin-test-holder' });
    let release = silent;
    let isHeld = false;
    const held = owner.transaction(async (tx) => {
      await tx.query(
        statement(
          'test.hold',
          'insert into learners (user_id) values ($1) on conflict (user_id) do update set watermark = 1',
        ),
        [userId],
      );
      isHeld = true;
      await new Promise<void>((resolve) => (release = resolve));
    });
    await waitFor(() => isHeld);
    return async () => {
      release();
      await held;
      await owner.close();
    };
  };

  /** Sessions that write, or those of them that wait like this. */
  const countWriters = async (waitingFor: string | null = null): Promise<number> => {
    const [row] = await api.sql<{ writers: number }>(
      `select count(*)::int as writers
      from pg_stat_activity
      where datname = current_database()
        and application_name = 'studyin-api-write'
        and ($1::text is null or wait_event_type = $1)`,
      [waitingFor],
    );
    return row?.writers ?? 0;
  };

  it('of one id sent by several callers at once one is accepted, the same again is a duplicate, other content a conflict', async () => {
    const token = await tokenFor(newLearner(), 'learner');
    const send = (sent: unknown) => api.mutate('tracking.questionAttempt', sent, { token });
    const inputs = Array.from({ length: 5 }, () => attempt());
    for (const input of inputs) {
      const answers = await Promise.all([input, input, { ...input, selectedAnswer: 'B' }].map(send));
      const outcomes = answers.map(
        ({ data, error }) => (data as { status?: string } | undefined)?.status ?? error?.data.code,
      );
      // Whichever came first; the two that are equal are never both accepted, and never in conflict with one another alone.
      expect(outcomes.filter((outcome) => outcome === 'accepted')).to.have.length(1);
      expect(outcomes.filter((outcome) => outcome === 'duplicate').length).to.equal(outcomes[2] === 'accepted' ? 0 : 1);
    }
  });

  it('two processes that write the same learners in opposite orders do not deadlock, and lose and double nothing', async () => {
    const before = await countWriters();
    const config = envToConfig({ ...testEnv(api.database.url), STUDYIN_RATE_LIMIT_PER_MINUTE: '0' });
    const running = [await startApi(config, { log }), await startApi(config, { log })] as const;
    const [first, second] = running;
    try {
      const token = await tokenFor(newLearner(), 'service');
      const learners = Array.from({ length: 60 }, newLearner);
      const send = async (url: string, events: readonly unknown[]): Promise<Results> => {
        const response = await fetch(`${url}/trpc/tracking.events`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: encode({ events }),
        });
        expect(response.status).to.equal(200);
        return ((await response.json()) as { result: { data: { json: Results } } }).result.data.json;
      };
      const at = Date.now() - 3_600_000;
      const batches = Array.from({ length: 12 }, (_, batch) =>
        learners.map((userId, n) => item({ userId, eventId: eventIdAt(at + batch * 1000 + n, n) })),
      );
      // Were each to lock in the order it was given, both would hold half of the learners now and wait for the other half then.
      const release = await hold(learners[30] ?? '');
      const sending = Promise.all(
        batches.flatMap((events) => [send(first.url, events), send(second.url, events.toReversed())]),
      );
      await waitFor(async () => (await countWriters('Lock')) >= 2);
      await release();
      const answers = await sending;
      const statuses = Map.groupBy(
        answers.flatMap(({ results }) => results),
        ({ eventId }) => eventId,
      );
      expect(statuses.size).to.equal(12 * 60);
      for (const results of statuses.values()) {
        expect(results.map(({ status }) => status).sort()).to.deep.equal(['accepted', 'duplicate']);
      }
      const rows = await api.sql<{ answers: number; facts: number; counted: number }>(
        `select l.answers::int,
          (select count(*)::int from question_attempts a where a.user_id = l.user_id) as facts,
          (select sum(questions_attempted)::int from study_sessions s where s.user_id = l.user_id) as counted
        from learners l where l.user_id = any($1)`,
        [learners],
      );
      expect(rows).to.deep.equal(learners.map(() => ({ answers: 12, facts: 12, counted: 12 })));
    } finally {
      await Promise.all(running.map((one) => one.stop({ noticeMs: 0 })));
    }
    // A deadlock is mended by repeating, so that only the server knows of it, and of a session's it counts them when that ends.
    await waitFor(async () => (await countWriters()) <= before);
    expect(
      await api.sql('select deadlocks::int from pg_stat_database where datname = current_database()'),
    ).to.deep.equal([{ deadlocks: 0 }]);
  });

  it('past the bound of the queue answers 429 with Retry-After, while dashboards answer and what waits is kept', async () => {
    const learner = newLearner();
    const token = await tokenFor(learner, 'learner');
    await api.mutate('tracking.questionAttempt', attempt(), { token });
    const release = await hold(learner);
    const at = Date.now() - 7_200_000;
    const batch = (nth: number): unknown[] =>
      Array.from({ length: 400 }, (_, n) => item({ eventId: eventIdAt(at + nth * 1000 + n, n) }));
    const waiting = [0, 1].map((nth) => api.mutate('tracking.events', { events: batch(nth) }, { token }));
    await waitFor(async () => /queue_items 800/.test((await api.send('/metrics')).text));
    const refused = await api.mutate('tracking.events', { events: batch(2) }, { token });
    expect([refused.status, refused.error?.data.code, refused.headers.get('retry-after')]).to.deep.equal([
      429,
      'TOO_MANY_REQUESTS',
      '1',
    ]);
    // While those two still wait: they are let go below.
    expect((await api.query('dashboard.all', {}, { token })).status).to.equal(200);
    expect(api.logged).to.deep.include({ event: 'ingest.overloaded', queued: 800, refusedCalls: 1 });
    await release();
    for (const { data } of await Promise.all(waiting)) {
      expect(new Set((data as Results).results.map(({ status }) => status))).to.deep.equal(new Set(['accepted']));
    }
    expect((await api.mutate('tracking.events', { events: batch(2) }, { token })).status).to.equal(200);
  });

  it('shows in its metrics what it writes, in batches, and how the pools are used', async () => {
    const token = await tokenFor(newLearner(), 'learner');
    await api.mutate('tracking.events', { events: [item(), 7] }, { token });
    const { text } = await api.send('/metrics');
    expect(text)
      .to.match(/studyin_api_items_total\{status="accepted",reason=""\} [1-9]/)
      .and.match(/studyin_api_items_total\{status="rejected",reason="invalid"\} [1-9]/)
      .and.match(/studyin_api_ingest_batch_items_count [1-9]/)
      .and.match(/studyin_api_ingest_commit_duration_seconds_count [1-9]/)
      .and.match(/studyin_api_ingest_queue_items 0/)
      .and.match(/studyin_api_ingest_queue_items_limit 1000\n/)
      .and.match(/studyin_pool_connections\{pool="write",state="idle"\} [12]\n/)
      .and.match(/studyin_pool_connections\{pool="read",state="waiting"\} 0/);
  });

  it('a stopping process writes what is queued and answers it', async () => {
    const stopping = await startApi(envToConfig(testEnv(api.database.url)), { log });
    const learner = newLearner();
    const token = await tokenFor(learner, 'learner');
    const release = await hold(learner);
    const body = encode({ eventId: newId(), sessionId: newLearner() });
    const answer = fetch(`${stopping.url}/trpc/tracking.sessionStart`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
    });
    await waitFor(async () => /queue_items 1/.test(await (await fetch(`${stopping.url}/metrics`)).text()));
    const stopped = stopping.stop({ noticeMs: 0 });
    await release();
    const { status, headers } = await answer;
    expect([status, headers.get('connection')]).to.deep.equal([200, 'close']);
    await stopped;
  });
});
