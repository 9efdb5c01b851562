// Generated calls to an API in a process of its own, with a ledger of what it accepted. `npm test` sends a few thousand, the same
// each time; `npm test -- --fuzz` sends 100,000 new ones.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import superjson from 'superjson';
import { connect, statement } from '@studyin/domain/database';
import type { Database } from '@studyin/domain/database';
import { createApp, updateLearner, verify } from '@studyin/domain/services';
import { createJobs } from '@studyin/domain/jobs';
import { createTestDatabase } from '@studyin/testkit/test-database';
import type { TestDatabase } from '@studyin/testkit/test-database';
import { idOf, silentLog, testKeys } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { requireCleanErrors } from './error-bodies.ts';
import { fuzzCalls, LEARNERS } from './fuzz-calls.ts';
import type { FuzzCall } from './fuzz-calls.ts';
import { testEnv, tokenFor } from './test-api.ts';
import { addCurriculum } from './test-curriculum.ts';

const payloads = Number(process.env['STUDYIN_FUZZ_PAYLOADS'] ?? '2000');
const seed = Number(process.env['STUDYIN_FUZZ_SEED'] ?? '1');
const LANES = 12;
const CHUNK = 500;

const selectEvents = statement(
  'test.events',
  `select user_id || ' ' || id as key, properties, event_type, session_id, study_day::text from study_events order by 1`,
);
const countAttempts = statement(
  'test.attempts',
  `select count(*)::int as attempts, (select count(*)::int from study_events where event_type = 'question_attempt') as events
  from question_attempts`,
);

describe(`${payloads} generated calls (seed ${seed})`, function () {
  this.timeout(20_000 + payloads * 20);

  const accepted = new Map<string, unknown>();
  const statuses = new Map<number, number>();
  const learners = Array.from({ length: LEARNERS }, (_, n) => idOf('user', n));
  const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
  let database: TestDatabase;
  let owner: Database;
  let child: ChildProcess;
  let url = '';
  let tokens: readonly string[] = [];
  let serviceToken = '';
  let written = '';

  before(async () => {
    database = await createTestDatabase();
    owner = connect({ url: database.url, poolSize: 4, applicationName: 'studyin-test', statementTimeoutMs: 120_000 });
    await addCurriculum({
      sql: async (text, values = []) => {
        await owner.sequelize.query(text, { bind: [...values] });
        return [];
      },
    });
    tokens = await Promise.all(learners.map((id) => tokenFor(id, 'learner')));
    serviceToken = await tokenFor(idOf('service', 1), 'service');
    child = spawn(
      process.execPath,
      ['--conditions=@studyin/source', fileURLToPath(new URL('../src/main.ts', import.meta.url))],
      {
        env: { ...testEnv(database.url), STUDYIN_RATE_LIMIT_PER_MINUTE: '0' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child.stderr?.on('data', (text: Buffer) => (written += text.toString()));
    child.stdout?.on('data', (text: Buffer) => {
      const found = /"api\.listening","url":"([^"]+)"/.exec(text.toString());
      if (found?.[1] !== undefined) url = found[1];
      if (!text.toString().includes('api.listening')) written += text.toString();
    });
    await waitFor(() => url !== '', { what: 'a listening API', timeoutMs: 15_000 });
  });
  after(async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'close');
    await owner.close();
    await database.drop();
  });

  const send = async (call: FuzzCall): Promise<void> => {
    const { method, path, body, contentType, isService, learner } = call;
    const token = isService ? serviceToken : (tokens[learner] ?? '');
    const init = { method, body, headers: { 'content-type': contentType, authorization: `Bearer ${token}` } };
    const asked = { url: `${url}/trpc/${path}`, init };
    const response = await fetch(asked.url, init);
    const text = await response.text();
    const { status, headers } = response;
    expect(status, `${method} ${path} ${body ?? ''}: ${text}`).to.be.within(200, 499);
    requireCleanErrors(asked, { status, headers, text });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 200 || status === 207) noteAccepted(call, text);
  };

  /** What the API says that it stored, by learner and id, with the properties that were sent. */
  const noteAccepted = ({ path, body, isService, learner }: FuzzCall, text: string): void => {
    if (!path.startsWith('tracking.')) return;
    const answers = [JSON.parse(text)].flat() as { readonly result?: { readonly data: { readonly json: Answered } } }[];
    const inputs = inputsOf(body ?? '', answers.length);
    answers.forEach(({ result }, index) => {
      const items = result?.data.json.results ?? (result === undefined ? [] : [result.data.json]);
      const sent = inputs[index];
      items.forEach(({ eventId, status }, nth) => {
        if (status !== 'accepted' || eventId === null) return;
        const item = (Array.isArray(sent?.events) ? sent.events[nth] : sent) as Item | undefined;
        const userId = isService ? String(item?.userId).toLowerCase() : (learners[learner] ?? '');
        accepted.set(`${userId} ${eventId}`, result?.data.json.results === undefined ? null : item?.properties);
      });
    });
  };

  it('are answered without a 5xx and without a word too much, and the process lives on', async () => {
    for (let from = 0; from < payloads; from += CHUNK) {
      const calls = fc
        .sample(fuzzCalls(nowMs), { numRuns: Math.min(CHUNK, payloads - from), seed: seed + from })
        .values();
      // The lanes share one iterator: each takes the next call.
      await Promise.all(
        Array.from({ length: LANES }, async () => {
          for (const call of calls) await send(call);
        }),
      );
    }
    expect([child.exitCode, child.signalCode, written]).to.deep.equal([null, null, '']);
    expect((await fetch(`${url}/readyz`)).status).to.equal(200);
    const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    expect(total).to.equal(payloads);
    expect(statuses.get(200), 'sound calls among them').to.be.above(payloads / 5);
    expect(statuses.get(400), 'bad calls among them').to.be.above(payloads / 20);
  });

  it('left exactly the rows that were accepted, each of which can be read back as it was sent', async () => {
    const rows = await owner.reader.query<{ key: string; properties: object }>(selectEvents);
    expect(accepted.size).to.be.above(payloads / 10);
    expect(rows.map(({ key }) => key)).to.deep.equal([...accepted.keys()].sort());
    for (const { key, properties } of rows) {
      const sent = accepted.get(key);
      if (typeof sent !== 'object' || sent === null) continue;
      expect(properties, key).to.deep.include(JSON.parse(JSON.stringify(sent)));
    }
    const [counts] = await owner.reader.query<{ attempts: number; events: number }>(countAttempts);
    expect(counts?.attempts).to.equal(counts?.events).and.above(0);
  });

  it('make derived rows that verify, and dashboards that answer', async () => {
    const jobs = createJobs({
      url: database.url,
      applicationName: 'studyin-test',
      mode: 'send',
      onError: () => undefined,
    });
    await jobs.start();
    try {
      const app = createApp({ database: owner, jobs, keys: testKeys, log: silentLog });
      const userIds = [...new Set([...accepted.keys()].map((key) => key.split(' ')[0] ?? ''))];
      for (const userId of userIds) await updateLearner(app, { userId });
      await owner.sequelize.query(`delete from pgboss.job`);
      const { ok, invariants } = await verify(app);
      expect(ok, JSON.stringify(invariants.filter((one) => !one.ok)).slice(0, 2_000)).to.equal(true);
    } finally {
      await jobs.stop(1_000);
    }
    for (const [n, userId] of learners.entries()) {
      if (![...accepted.keys()].some((key) => key.startsWith(userId))) continue;
      const answer = await fetch(`${url}/trpc/dashboard.all`, { headers: { authorization: `Bearer ${tokens[n]}` } });
      expect(answer.status, await answer.text()).to.equal(200);
    }
  });
});

type Item = { readonly userId?: unknown; readonly properties?: unknown; readonly events?: unknown };
type Answered = {
  readonly eventId: string | null;
  readonly status: string;
  readonly results?: readonly { readonly eventId: string | null; readonly status: string }[];
};

function inputsOf(body: string, calls: number): readonly (Item | undefined)[] {
  const json = JSON.parse(body) as Record<string, never>;
  const read = (envelope: Parameters<typeof superjson.deserialize>[0]): Item => superjson.deserialize(envelope);
  return 'json' in json
    ? [read(json as never)]
    : Array.from({ length: calls }, (_, n) => (json[n] === undefined ? undefined : read(json[n])));
}
