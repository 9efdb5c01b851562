// Values that name a person, sent through a real API and worker wherever there is room for text; then a search of a dump of the
// database, the queue's tables among them, and of all that both processes have said.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { connect } from '@studyin/domain/database';
import { findBacklog, updateLearnerJob } from '@studyin/domain/jobs';
import { importCurriculum } from '@studyin/domain/services';
import { dumpDatabase, tablesWith } from '@studyin/testkit/dump-database';
import { historyCurriculum, randomHistory } from '@studyin/testkit/random-history';
import { eventIdAt, openTestDomain, testKeys } from '@studyin/testkit/test-domain';
import type { TestDomain } from '@studyin/testkit/test-domain';
import { waitFor } from '@studyin/testkit/wait-for';
import { procedureTable } from './procedure-table.ts';
import { encode, testEnv, tokenFor } from './test-api.ts';
import { newLearner } from './test-curriculum.ts';
import { startProcess } from './test-process.ts';
import type { TestProcess } from './test-process.ts';

const email = 'canary.bird@example.org';
const ip = '203.0.113.77';
const ip6 = '2001:db8:7:7:7:7:7:7';
const agent = 'Mozilla/5.0 (CanaryOS 9) CanaryBrowser/1.0';
/** What the learner's token says they are called. */
const name = 'Josephine Canarybird';
/** Of somebody of whom no token of a call says it: where it is a text among texts, no rule can tell. */
const bareName = 'Wilhelmina Canaryfinch';
/** In a curriculum that staff import. */
const staffText = 'canary.staff@example.org';
const sessionId = randomUUID();
const learner = newLearner();
const texts = [email, ip, ip6, agent, name] as const;
/** What must be found nowhere; of an address and an agent also what is left of them when they are cut. */
const forbidden = [
  email,
  'canary.bird',
  ip,
  ip6,
  '2001:db8:7:7',
  'CanaryOS',
  'CanaryBrowser',
  'Josephine',
  'Canarybird',
  sessionId,
];

/** Where a text is kept as it was given, and a name that nobody's token says with it; docs/privacy.md names them. */
const openToText = {
  learners: ['rejected_events', 'study_events'],
  curriculum: ['materials', 'questions', 'topics'],
} as const;

type Json = Readonly<Record<string, unknown>>;

/** The value with one of its texts replaced, for every text in it; `keep` are keys whose value stays. */
function replacements(value: unknown, text: string, keep: readonly string[]): readonly unknown[] {
  if (typeof value === 'string') return [text];
  if (Array.isArray(value)) {
    const members: readonly unknown[] = value;
    return members.flatMap((member, n) => replacements(member, text, keep).map((one) => members.with(n, one)));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    keep.includes(key) ? [] : replacements(member, text, keep).map((one) => ({ ...value, [key]: one })),
  );
}

/** One item of each type of the catalogue. */
function itemsOfAllTypes(): readonly Json[] {
  const startMs = Date.now() - 20 * 86_400_000;
  const items = [1, 2, 3, 4].flatMap((seed) => randomHistory({ seed, startMs, days: 10, sessions: 30 }));
  const byType = new Map(items.map(({ input }) => [input['eventType'], { ...input, sessionId }]));
  expect(byType.size).to.be.greaterThan(28);
  return [...byType.values()];
}

describe('personal data', function () {
  this.timeout(120_000);
  let domain: TestDomain;
  const processes: TestProcess[] = [];
  let url: string;

  const headers = async (extra: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> => ({
    'content-type': 'application/json',
    authorization: `Bearer ${await tokenFor(learner, 'learner', { name, email })}`,
    'user-agent': agent,
    'x-forwarded-for': `${ip6}, ${ip}`,
    ...extra,
  });
  const post = async (path: string, body: string, extra?: Readonly<Record<string, string>>): Promise<number> =>
    (await fetch(`${url}/trpc/${path}`, { method: 'POST', headers: await headers(extra), body })).status;
  const track = async (items: readonly unknown[]): Promise<readonly { status: string; reason?: string }[]> => {
    const results: { status: string; reason?: string }[] = [];
    for (let at = 0; at < items.length; at += 100) {
      const body = encode({ events: items.slice(at, at + 100) });
      const answer = await fetch(`${url}/trpc/tracking.events`, { method: 'POST', headers: await headers(), body });
      const { result } = (await answer.json()) as { result: { data: { json: { results: typeof results } } } }; // as: the wire
      results.push(...result.data.json.results);
    }
    return results;
  };

  before(async () => {
    domain = await openTestDomain();
    await importCurriculum(domain.app, historyCurriculum);
    const env = {
      ...testEnv(domain.database.url),
      STUDYIN_TRUST_PROXY: '1',
      STUDYIN_RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'trace',
    };
    const api = await startProcess(fileURLToPath(new URL('../src/main.ts', import.meta.url)), env);
    processes.push(api);
    const worker = await startProcess(fileURLToPath(new URL('../../worker/src/main.ts', import.meta.url)), {
      DATABASE_URL: domain.database.url,
      STUDYIN_SESSION_KEY: testKeys.session,
      STUDYIN_SUBJECT_KEY: testKeys.subject,
      STUDYIN_WORKER_POOL_SIZE: '4',
      LOG_LEVEL: 'trace',
    });
    processes.push(worker);
    url = await waitFor(() => /"url":"(http:[^"]+)"/.exec(api.said())?.[1] ?? null, { what: 'the address of the API' });
  });
  after(async () => {
    await Promise.all(processes.map((one) => one.end()));
    await domain.close();
  });

  it('comes in by every door', async () => {
    const items = itemsOfAllTypes();
    expect((await track(items)).filter(({ status }) => status !== 'accepted')).to.deep.equal([]);
    const ids = ['eventId', 'sessionId', 'eventType'];
    const atMs = Date.now() - 86_400_000;
    // Of its own id each: what is taken is then stored, and found.
    const asNew = (item: unknown, n: number): Json => ({ ...(item as Json), eventId: eventIdAt(atMs + 1, n) }); // as: an item
    const changed = items.flatMap((item) => [...texts, sessionId].flatMap((text) => replacements(item, text, ids)));
    const note = { eventType: 'custom', sessionId, name: 'canary', properties: { note: bareName } };
    const named = [...items.flatMap((item) => replacements(item, bareName, ids)), note].flatMap((item, n) => [
      { ...(item as Json), eventId: eventIdAt(atMs, 2 * n) },
      { ...(item as Json), eventId: eventIdAt(atMs, 2 * n + 1), topicId: randomUUID() }, // kept whole in quarantine
    ]);
    const statuses = new Set((await track(named)).map(({ status }) => status));
    expect([...statuses].sort()).to.deep.equal(['accepted', 'rejected']);
    const outcomes = await track(changed.map(asNew));
    expect(outcomes.length).to.be.greaterThan(200);
    expect(outcomes.filter(({ status }) => status !== 'rejected')).to.deep.equal([]);
    const custom = { eventType: 'custom', sessionId, name: 'canary' };
    const personal = ['name', 'fullName', 'userName', 'email', 'phone', 'ip', 'userAgent', 'sessionId'];
    const hidden = [
      ...texts.flatMap((text) => personal.map((key) => ({ [key]: text }))),
      ...name.split(' ').flatMap((part) => [{ note: part }, { note: `by ${part.toLowerCase()}_2` }]),
      ...texts.map((text) => ({ [text]: 1 })),
      ...[...texts, sessionId].flatMap((text) => [{ note: text }, { note: `says ${text}!` }, { deep: { note: text } }]),
    ];
    const refused = await track(
      hidden.flatMap((properties, n) => {
        const eventIds = [2 * n, 2 * n + 1].map((nth) => eventIdAt(atMs + 2, nth));
        return [
          { ...custom, eventId: eventIds[0], properties },
          { ...custom, eventId: eventIds[1], ...properties },
        ];
      }),
    );
    expect(refused.filter(({ status }) => status !== 'rejected')).to.deep.equal([]);
  });

  it('comes in by every procedure, header, address and broken body', async () => {
    for (const [path, { type, input }] of Object.entries(procedureTable)) {
      const whole = input(undefined);
      const some = [...texts, bareName].flatMap((text) => [text, ...replacements(whole, text, []), { [text]: text }]);
      for (const one of some) {
        if (type === 'mutation') await post(path, encode(one));
        else await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(encode(one))}`, { headers: await headers() });
      }
    }
    const doors = [
      'x-request-id',
      'x-access-reason',
      'referer',
      'cookie',
      'accept-language',
      'traceparent',
      'authorization',
    ];
    for (const text of [...texts, bareName]) {
      for (const door of doors) await post('learner.settings', encode({}), { [door]: text });
      await post('tracking.events', `{"json":{"events":[{"email":"${text}"`);
      await post(`tracking.${encodeURIComponent(text)}`, encode({}));
      await fetch(`${url}/export?learner=${encodeURIComponent(text)}`, { headers: await headers() });
      await fetch(`${url}/${encodeURIComponent(text)}?q=${encodeURIComponent(text)}`, { headers: await headers() });
      const isName = text === name || text === bareName;
      const service = { authorization: `Bearer ${await tokenFor(newLearner(), 'service')}` };
      const group = encode({ cohortId: newLearner(), name: `group of ${text}` });
      expect(await post('cohorts.save', group, service), text).to.equal(isName ? 200 : 400);
      // Staff are refused what they are called themselves; the names of others are stored sealed.
      for (const [claims, isTaken] of [
        [{ name, email }, text === bareName],
        [{ name: bareName }, text === name],
        [{}, isName],
      ] as const) {
        const admin = { authorization: `Bearer ${await tokenFor(newLearner(), 'admin', claims)}` };
        const erasure = encode({ userId: newLearner(), reason: `asked by ${text}` });
        expect(await post('privacy.erase', erasure, admin), text).to.equal(isTaken ? 200 : 400);
        const reason = { ...admin, 'x-access-reason': `asked by ${text}` };
        const read = `${url}/trpc/dashboard.overview?input=${encodeURIComponent(encode({ userId: learner }))}`;
        const { status } = await fetch(read, { headers: await headers(reason) });
        expect(status, text).to.equal(isTaken ? 200 : 400);
      }
    }
    const log = await fetch(`${url}/trpc/privacy.accessLog`, { headers: await headers() });
    const shown = await log.text();
    for (const known of [name, bareName]) expect(shown, 'sealed, and opened for the learner').to.include(known);
  });

  it('comes in with a curriculum: of nobody but staff, whose word it is', async () => {
    const [topicId, other] = [randomUUID(), randomUUID()];
    const curriculum = (text: string): Json => ({
      topics: [{ id: topicId, slug: 'canary', name: text, description: text }],
      questions: [{ id: other, topicId, correctAnswer: text, options: [text, 'B'] }],
      materials: [{ id: other, topicId, kind: text }],
    });
    for (const text of [...texts, sessionId, bareName]) {
      expect(await post('curriculum.import', encode(curriculum(text.slice(0, 64)))), text).to.equal(403);
    }
    const service = { authorization: `Bearer ${await tokenFor(newLearner(), 'service')}` };
    expect(await post('curriculum.import', encode(curriculum(staffText)), service)).to.equal(200);
  });

  it('comes in while the database is away', async () => {
    const owner = connect({ url: domain.database.url, poolSize: 1, applicationName: 'studyin-test-owner' });
    const [item] = itemsOfAllTypes();
    const calls = Array.from({ length: 20 }, () =>
      post('tracking.events', encode({ events: [{ ...item, sessionId }] })),
    );
    await owner.reader.query({
      name: '',
      text: `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'studyin-api-%'`,
    });
    await Promise.all(calls);
    await owner.close();
  });

  it('is found nowhere in a dump of the database, and in no log', async () => {
    await waitFor(
      async () => {
        const { waiting, active } = await findBacklog(domain.app.database.reader, updateLearnerJob);
        return waiting + active === 0;
      },
      { what: 'an idle worker', timeoutMs: 30_000 },
    );
    const dump = await dumpDatabase(domain.database.url);
    const found = (text: string): readonly string[] =>
      [...new Set(tablesWith(dump, text).map((table) => table.replace(/_\d{4}_\d{2}$/, '')))].sort();
    const tables = dump.map(({ table }) => table);
    expect(tables).to.include.members(['learners', 'access_log', 'pg_stats']);
    expect(tables.filter((table) => table.startsWith('pgboss.'))).to.have.length.greaterThan(3);
    for (const text of forbidden) expect(found(text), text).to.deep.equal([]);
    const isTable = (table: string): boolean => table !== 'pg_stats'; // samples of the others, if they were analyzed
    expect(found(bareName).filter(isTable)).to.deep.equal(openToText.learners);
    expect(found(staffText).filter(isTable)).to.deep.equal(openToText.curriculum);
    const said = processes
      .map((one) => one.said())
      .join('')
      .toLowerCase();
    expect(said.length).to.be.greaterThan(500);
    expect(
      [...forbidden, 'Canaryfinch', 'canary.staff', learner].filter((text) => said.includes(text.toLowerCase())),
    ).to.deep.equal([]);
  });
});
