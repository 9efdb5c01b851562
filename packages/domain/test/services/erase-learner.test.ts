import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import {
  eraseLearner,
  finishErasures,
  listAccesses,
  recordEvents,
  runNights,
  updateLearner,
  updateSettings,
} from '@studyin/domain/services';
import type { ErasureReceipt } from '@studyin/domain/services';
import { randomHistory } from '@studyin/testkit/random-history';
import { eventIdAt, idOf } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { erasureSteps } from '../../src/stores/erasure-store.ts';
import { leaveTraces, openErasureDomain, residueOf } from './erasure-domain.ts';
import type { ErasureDomain } from './erasure-domain.ts';
import { expectSound, sql, startMs, study } from './verify-domain.ts';

const origin = { clientIp: null, deviceType: null };
const event = (n: number): Readonly<Record<string, unknown>> => ({
  eventType: 'session_pause',
  eventId: eventIdAt(startMs + n, n),
  sessionId: idOf('session', 1),
  properties: {},
});

describe('erasing a learner', function () {
  this.timeout(60_000);
  let test: ErasureDomain;
  before(async () => {
    test = await openErasureDomain();
  });
  after(() => test.close());

  const erase = (userId: string): Promise<ErasureReceipt> =>
    eraseLearner(test.eraser, { userId, actor: null, reason: null });
  const ownerRows = async (condition: string): Promise<number> => {
    const text = `select from pg_stat_activity where datname = current_database() and ${condition}`;
    return (await test.owner.reader.query({ name: '', text })).length;
  };
  /** How a process ended that was to be killed inside its n-th transaction. */
  const eraseAndDie = (userId: string, fatal: number): Promise<unknown[]> => {
    const script = fileURLToPath(new URL('erasing-child.ts', import.meta.url));
    const args = ['--conditions=@studyin/source', script, test.domain.database.url, userId, String(fatal)];
    return once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close');
  };
  const rowsIn = (receipt: ErasureReceipt): Record<string, number> =>
    Object.fromEntries(receipt.tables.map(({ table, rows }) => [table, rows]));

  it('deletes every row, partitions, quarantine, jobs and dead letters included, and says how many', async () => {
    const { domain } = test;
    const [gone, stays] = [randomUUID(), randomUUID()];
    await leaveTraces(domain, { userId: gone, seed: 1 });
    await study(domain, { userId: stays, seed: 2 });
    const [stored] = await sql<{ events: number; jobs: number }>(
      domain,
      `select (select count(*)::int from study_events where user_id = $1) as events,
        (select count(*)::int from pgboss.job where data->>'userId' = $1::text) as jobs`,
      [gone],
    );
    expect(await residueOf(domain, [{ userId: gone, seed: 1 }])).to.have.length.greaterThan(10);
    const receipt = await erase(gone);
    expect(await residueOf(domain, [{ userId: gone, seed: 1 }])).to.deep.equal([]);
    const rows = rowsIn(receipt);
    expect(rows).to.include({ learners: 1, study_events: stored?.events, rejected_events: 1, cohort_members: 1 });
    expect(rows['pgboss.job']).to.equal(stored?.jobs).and.greaterThan(1);
    for (const [table, count] of Object.entries(rows)) expect(count, table).to.be.greaterThan(0);
    expect(receipt.rows).to.equal(Object.values(rows).reduce((sum, count) => sum + count, 0));
    await expectSound(domain, stays);
    expect(await sql(domain, `select user_id from learners`)).to.deep.equal([{ user_id: stays }]);
  });

  it('gives a receipt whose hash anybody can check and the tombstone keeps, the same again', async () => {
    const userId = randomUUID();
    await study(test.domain, { userId, seed: 3 });
    const receipt = await erase(userId);
    const { hash, ...stated } = receipt;
    expect(createHash('sha256').update(JSON.stringify(stated)).digest('hex')).to.equal(hash);
    const [tombstone] = await sql<Record<string, unknown>>(
      test.domain,
      `select encode(hash, 'hex') as hash, pending_user_id, finished_at from erased_learners where encode(subject, 'hex') = $1`,
      [receipt.subject],
    );
    expect(tombstone).to.deep.equal({ hash, pending_user_id: null, finished_at: new Date(receipt.finishedAt) });
    expect(await erase(userId)).to.deep.equal(receipt);
  });

  it('erases whoever is not known, so that what is still to come is refused', async () => {
    const userId = randomUUID();
    expect((await erase(userId)).rows).to.equal(0);
    const { results } = await recordEvents(test.domain.app, [{ userId, input: event(1), origin }]);
    expect(results).to.deep.equal([
      { eventId: event(1)['eventId'], status: 'rejected', reason: 'erased', path: 'userId' },
    ]);
  });

  it('refuses late events, settings and jobs of who is gone, and makes no row of them', async () => {
    const { domain, eraser } = test;
    const userId = randomUUID();
    const items = randomHistory({ seed: 4, startMs }).map((item) => ({ ...item, userId }));
    await recordEvents(domain.app, items);
    await eraseLearner(eraser, { userId, actor: null, reason: null });
    const { results } = await recordEvents(domain.app, items);
    expect(new Set(results.map(({ status, reason }) => `${status} ${reason ?? ''}`))).to.deep.equal(
      new Set(['rejected erased']),
    );
    const refusal = await updateSettings(domain.app, { userId, dailyGoalMinutes: 45 }).catch((error: unknown) => error);
    expect(refusal).to.have.property('code', 'erased');
    expect(await updateLearner(domain.app, { userId })).to.include({ isKnown: false });
    expect(await residueOf(domain, [{ userId, seed: 4 }])).to.deep.equal([]);
  });

  it('refuses a writer who waited for the learner’s lock, new learner or known', async () => {
    const { domain, eraser } = test;
    for (const isKnown of [false, true]) {
      const userId = randomUUID();
      if (isKnown) await study(domain, { userId, seed: 5 });
      const writing: ReturnType<typeof recordEvents>[] = [];
      const onStep = async (table: string, rows: number | null): Promise<void> => {
        if (table !== 'learners' || rows === null) return;
        writing.push(recordEvents(domain.app, [{ userId, input: event(2), origin }]));
        await waitFor(async () => (await ownerRows(`wait_event_type = 'Lock'`)) > 0, { what: 'the writer to wait' });
      };
      await eraseLearner(eraser, { userId, actor: null, reason: null }, { onStep });
      const outcome = await writing[0];
      expect(outcome?.results[0], `known: ${isKnown}`).to.include({ status: 'rejected', reason: 'erased' });
      expect(await residueOf(domain, [{ userId, seed: 5 }])).to.deep.equal([]);
    }
  });

  it('is out of what is known over all learners with the next night', async () => {
    const { domain } = test;
    const learners = Array.from({ length: 21 }, () => randomUUID());
    const question = {
      topicId: idOf('history topic', 1),
      properties: { selectedAnswer: 'A', isCorrect: true, timeToAnswerSeconds: 3 },
    };
    const items = learners.map((userId, n) => {
      const input = { ...event(n), ...question, eventType: 'question_attempt', questionId: idOf('asked of all', 1) };
      return { userId, origin, input: { ...input, eventId: eventIdAt('2026-01-30T10:00:00Z', n) } };
    });
    await recordEvents(domain.app, items);
    for (const userId of learners) await updateLearner(domain.app, { userId });
    const known = async (): Promise<unknown> => {
      await runNights(domain.app);
      const [row] = await sql<{ peers: number | null; answers: number | null }>(
        domain,
        `select (select learners from peer_distributions where metric = 'accuracy_30d') as peers,
          (select answers::int from question_statistics where question_id = $1) as answers`,
        [idOf('asked of all', 1)],
      );
      return row;
    };
    expect(await known()).to.deep.equal({ peers: 21, answers: 21 });
    await erase(learners[0] ?? '');
    expect(await known()).to.deep.equal({ peers: 20, answers: 20 });
    await erase(learners[1] ?? '');
    expect(await known()).to.deep.equal({ peers: null, answers: 19 });
    for (const userId of learners) await erase(userId);
    expect(await known()).to.deep.equal({ peers: null, answers: null });
  });

  it('keeps the audit of an erasure by somebody else, and of learners themselves nothing', async () => {
    const [userId, admin] = [randomUUID(), randomUUID()];
    const receipt = await eraseLearner(test.eraser, {
      userId,
      actor: { userId: admin, role: 'admin', requestId: 'request-1' },
      reason: 'asked by letter',
    });
    const entries = () =>
      sql(
        test.domain,
        `select actor_id, actor_role, action, request_id, encode(subject, 'hex') as subject from access_log`,
      );
    const row = { actor_id: admin, actor_role: 'admin', action: 'privacy.erase' };
    const expected = [{ ...row, request_id: 'request-1', subject: receipt.subject }];
    expect(await entries()).to.deep.equal(expected);
    await erase(randomUUID());
    expect(await entries()).to.deep.equal(expected);
    const { accesses } = await listAccesses(test.domain.app, { userId, limit: 2 });
    expect(accesses.map(({ reason }) => reason)).to.deep.equal(['asked by letter']);
  });

  it('goes on wherever it was broken off', async () => {
    const { domain, eraser } = test;
    const userId = randomUUID();
    await leaveTraces(domain, { userId, seed: 6 });
    for (const fatal of ['learners', ...erasureSteps.map(({ name }) => name)]) {
      const onStep = (table: string, rows: number | null): void => {
        if (table === fatal && rows !== null) throw new Error(`broken off at ${fatal}`);
      };
      const broken = await eraseLearner(eraser, { userId, actor: null, reason: null }, { onStep }).catch(
        (error: unknown) => error,
      );
      expect(broken).to.have.property('message', `broken off at ${fatal}`);
    }
    expect(await finishErasures(eraser)).to.equal(1);
    expect(await residueOf(domain, [{ userId, seed: 6 }])).to.deep.equal([]);
    expect(await finishErasures(eraser)).to.equal(0);
  });

  it('goes on in whichever transaction its process was killed, and counts every row once', async () => {
    const { domain } = test;
    const userId = randomUUID();
    await leaveTraces(domain, { userId, seed: 7 });
    const [stored] = await sql<{ events: number }>(
      domain,
      `select count(*)::int as events from study_events where user_id = $1`,
      [userId],
    );
    const traces = async (): Promise<number> => (await residueOf(domain, [{ userId, seed: 7 }])).length;
    const left = [await traces()];
    // the first transaction, one for each table, the last sweep and the end
    for (let fatal = 1; fatal <= erasureSteps.length + 3; fatal += 1) {
      expect(await eraseAndDie(userId, fatal), `transaction ${fatal}`).to.deep.equal([null, 'SIGKILL']);
      left.push(await traces());
    }
    // what was not committed stays; in the end only the tombstone knows who it is, until the last transaction is through
    expect(left[1]).to.equal(left[0]);
    expect(left.slice(2)).to.deep.equal(left.slice(2).toSorted((a, b) => b - a));
    expect(left.slice(-2)).to.deep.equal([1, 1]);
    expect(await eraseAndDie(userId, erasureSteps.length + 4)).to.deep.equal([0, null]);
    const rows = rowsIn(await erase(userId));
    expect(rows).to.include({ learners: 1, study_events: stored?.events, rejected_events: 1 });
    expect(await residueOf(domain, [{ userId, seed: 7 }])).to.deep.equal([]);
  });

  it('leaves nothing of fifty learners who are erased while they and others write', async () => {
    const { domain, eraser } = test;
    const learners = Array.from({ length: 50 }, (_, n) => ({ userId: randomUUID(), seed: 100 + n }));
    const others = Array.from({ length: 2 }, (_, n) => ({ userId: randomUUID(), seed: 200 + n }));
    const erased = new Set<string>();
    let writes = 0;
    const writeUntilErased = async ({ userId, seed }: (typeof learners)[number]): Promise<void> => {
      const items = randomHistory({ seed, startMs, days: 10, sessions: 3 });
      for (let n = 0; ; n += 1) {
        const wasErased = erased.has(userId);
        const item = items[n % items.length];
        if (item === undefined) return;
        const unknown = { ...event(n), eventType: 'topic_explored', topicId: idOf('nowhere', 1) };
        const { results } = await recordEvents(domain.app, [
          { ...item, userId },
          { userId, input: unknown, origin },
        ]);
        if (n % 20 === 2) await updateLearner(domain.app, { userId });
        writes += 1;
        if (!wasErased) continue;
        expect(results.map(({ reason }) => reason)).to.deep.equal(['erased', 'unknown_topic']);
        return;
      }
    };
    const eraseLane = async (lane: typeof learners): Promise<void> => {
      for (const { userId } of lane) {
        await eraseLearner(eraser, { userId, actor: null, reason: null });
        erased.add(userId);
      }
    };
    const writeOthers = async (): Promise<void> => {
      for (const other of others) await study(domain, other);
    };
    const lanes = [0, 1, 2, 3, 4].map((lane) => learners.slice(lane * 10, lane * 10 + 10));
    await Promise.all([...learners.map(writeUntilErased), ...lanes.map(eraseLane), writeOthers()]);
    expect(writes).to.be.greaterThan(100);
    expect(await residueOf(domain, learners)).to.deep.equal([]);
    for (const { userId } of others) await expectSound(domain, userId);
  });
});
