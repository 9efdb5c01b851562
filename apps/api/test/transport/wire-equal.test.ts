// The same calls to the fast path and to the official adapter, compared as they come over the wire. A query parameter that no
// procedure sees (`connectionParams`) leads to the adapter; what it writes is chunked, what the fast path writes has a length.
import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { testKeys } from '@studyin/testkit/test-domain';
import { encode, startTestApi, tokenFor } from '../test-api.ts';
import type { Answer, TestApi } from '../test-api.ts';
import { addCurriculum, attempt, item, newId, newLearner, sessionId, topicId } from '../test-curriculum.ts';

type Call = {
  readonly path: string;
  /** Made anew for each of the two, since an id is accepted once. */
  readonly init?: () => RequestInit;
  /** Which of the two answers it where nothing leads to the adapter. */
  readonly by: 'transport' | 'adapter';
};

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** How the answer is framed, and what no two answers share; all other headers must be equal. */
const framing = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'x-request-id']);

/** Those that need no input; the learner has answered, and nothing is derived yet. */
const dashboards =
  `overview heatmap sessions mastery gaps readiness reviewQueue reviewForecast firstAttemptAccuracy materialProgress
  efficiency patterns comparison`.split(/\s+/);

/** What must be equal; ids of events and requests, and times, differ from call to call. */
const wireOf = ({ status, headers, text }: Answer): unknown => ({
  status,
  headers: [...headers].filter(([name]) => !framing.has(name)),
  hasRequestId: headers.get('x-request-id') !== null,
  text: text
    .replaceAll(uuid, 'id')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replaceAll(/"attemptNumber":\d+/g, 'number'),
});

describe('the transport on the wire', () => {
  let api: TestApi;
  const tokens: Record<string, string> = {};
  const post =
    (body: () => RequestInit['body'], as = 'learner', headers: Record<string, string> = {}) =>
    (): RequestInit => ({
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(tokens[as] === undefined ? {} : { authorization: `Bearer ${tokens[as]}` }),
        ...headers,
      },
      body: body() ?? null,
      duplex: 'half',
    });
  const get =
    (as = 'learner', headers: Record<string, string> = {}) =>
    (): RequestInit => ({
      headers: { ...(tokens[as] === undefined ? {} : { authorization: `Bearer ${tokens[as]}` }), ...headers },
    });
  const inputOf = (input: unknown): string => `input=${encodeURIComponent(encode(input))}`;
  const stored = attempt();

  before(async () => {
    api = await startTestApi({ STUDYIN_RATE_LIMIT_PER_MINUTE: '0' });
    await addCurriculum(api);
    const [learner, erased] = [newLearner(), newLearner()];
    tokens['learner'] = await tokenFor(learner, 'learner');
    tokens['erased'] = await tokenFor(erased, 'learner');
    tokens['expired'] = await tokenFor(learner, 'learner', { exp: 1_000 });
    const subject = createHmac('sha256', testKeys.subject).update(erased).digest();
    await api.sql('insert into erased_learners (subject) values ($1)', [subject]);
    for (let n = 0; n < 3; n += 1) {
      await api.mutate('tracking.questionAttempt', attempt(), { token: tokens['learner'] });
    }
    await api.mutate('tracking.questionAttempt', stored, { token: tokens['learner'] });
  });
  after(() => api.stop());

  const attempts = '/tracking.questionAttempt';
  const twoAttempts = '/tracking.questionAttempt,tracking.questionAttempt?batch=1';
  const huge = (): string => `{"json":{"events":[]}${' '.repeat(256 * 1024)}}`;
  const calls: Readonly<Record<string, Call>> = {
    'a mutation': {
      path: '/tracking.sessionPause',
      init: post(() => encode({ eventId: newId(), sessionId })),
      by: 'transport',
    },
    'a repeated mutation': { path: attempts, init: post(() => encode(stored)), by: 'transport' },
    'a conflict': { path: attempts, init: post(() => encode({ ...stored, selectedAnswer: 'B' })), by: 'transport' },
    'items of all kinds': {
      path: '/tracking.events',
      init: post(() => encode({ events: [item(), 7, item({ topicId: newLearner() }), item({ surplus: Number.NaN })] })),
      by: 'transport',
    },
    'a query without input': { path: '/learner.settings', init: get(), by: 'transport' },
    'a query with input': { path: `/dashboard.heatmap?${inputOf({ days: 3 })}`, init: get(), by: 'transport' },
    ...Object.fromEntries(
      dashboards.map((name) => [name, { path: `/dashboard.${name}`, init: get(), by: 'transport' }]),
    ),
    'a dashboard from the cache': { path: '/dashboard.all', init: get(), by: 'transport' },
    'a query with an empty input': { path: '/dashboard.overview?input=', init: get(), by: 'transport' },
    'a query with a content type': {
      path: '/dashboard.overview',
      init: get('learner', { 'content-type': 'Application/JSON; charset=utf-8' }),
      by: 'transport',
    },
    'an input that is undefined': { path: `/curriculum.topics?${inputOf(undefined)}`, init: get(), by: 'transport' },
    'a date where none belongs': {
      path: `/dashboard.heatmap?${inputOf({ days: new Date(0) })}`,
      init: get(),
      by: 'transport',
    },
    'bad input': {
      path: attempts,
      init: post(() => encode({ ...stored, timeToAnswerSeconds: 'x', surplus: 1 })),
      by: 'transport',
    },
    'a rejected item': {
      path: attempts,
      init: post(() => encode(attempt({ topicId: newLearner(), questionId: newLearner() }))),
      by: 'transport',
    },
    'no body': { path: attempts, init: post(() => undefined), by: 'transport' },
    'malformed JSON': { path: attempts, init: post(() => '{"json":'), by: 'transport' },
    'malformed JSON of nobody': { path: attempts, init: post(() => '{"json":', 'nobody'), by: 'transport' },
    'a malformed envelope': { path: attempts, init: post(() => '7'), by: 'transport' },
    'a null envelope': { path: attempts, init: post(() => 'null'), by: 'transport' },
    'a malformed meta': {
      path: attempts,
      init: post(() => '{"json":{"a":1},"meta":{"values":{"a":["Date"],"b":[["x"]]}}}'),
      by: 'transport',
    },
    'a prototype in an envelope': {
      path: attempts,
      init: post(() => '{"json":{"__proto__":{"a":1}},"meta":{"values":{"__proto__.x":["Date"]}}}'),
      by: 'transport',
    },
    'nesting without end': {
      path: attempts,
      init: post(() => `{"json":${'['.repeat(60_000)}${']'.repeat(60_000)}}`),
      by: 'transport',
    },
    'a byte order mark': { path: attempts, init: post(() => `\uFEFF${encode(stored)}`), by: 'transport' },
    'text that is not UTF-8': {
      path: attempts,
      init: post(() => Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
      by: 'transport',
    },
    'a malformed input': { path: '/dashboard.overview?input=%7B', init: get(), by: 'transport' },
    'an input that is no percent-encoding': { path: '/dashboard.overview?input=%ZZ', init: get(), by: 'transport' },
    'a body that is too large': { path: '/tracking.events', init: post(huge), by: 'adapter' },
    'a body that lies about being too large': {
      path: '/tracking.events',
      init: post(() => new Blob([huge()]).stream()),
      by: 'transport',
    },
    nobody: { path: '/dashboard.all', init: get('nobody'), by: 'transport' },
    'somebody who was': { path: '/dashboard.all', init: get('expired'), by: 'transport' },
    'somebody who may not': { path: '/curriculum.import', init: post(() => encode({})), by: 'transport' },
    'somebody else’s dashboard': {
      path: `/dashboard.all?${inputOf({ userId: newLearner() })}`,
      init: get(),
      by: 'transport',
    },
    'an erased learner who writes': { path: attempts, init: post(() => encode(attempt()), 'erased'), by: 'transport' },
    'an erased learner who reads': { path: '/dashboard.all', init: get('erased'), by: 'transport' },
    'what does not exist': { path: `/curriculum.topic?${inputOf({ slug: 'nothing' })}`, init: get(), by: 'transport' },
    'a batch': {
      path: twoAttempts,
      init: post(() => JSON.stringify({ 0: { json: attempt() }, 1: { json: attempt() } })),
      by: 'transport',
    },
    'a batch of different outcomes': {
      path: twoAttempts,
      init: post(() => JSON.stringify({ 0: { json: stored }, 1: { json: attempt({ isCorrect: 'yes' }) } })),
      by: 'transport',
    },
    'a batch of one failure': { path: twoAttempts, init: post(() => '{}'), by: 'transport' },
    'a batch whose inputs are a list': { path: twoAttempts, init: post(() => '[1,2]'), by: 'transport' },
    'a batch with one bad envelope': {
      path: twoAttempts,
      init: post(() => JSON.stringify({ 0: { json: stored }, 1: null })),
      by: 'transport',
    },
    'a batch with inputs for nobody': {
      path: twoAttempts,
      init: post(() => JSON.stringify({ 7: { json: stored }, x: 1 })),
      by: 'transport',
    },
    'a batch of nobody': { path: twoAttempts, init: post(() => '{', 'nobody'), by: 'transport' },
    'a batch of queries': {
      path: `/dashboard.overview,curriculum.topics?batch=1&input=${encodeURIComponent('{"0":{"json":{}}}')}`,
      init: get(),
      by: 'transport',
    },
    'a batch of queries, some erased': {
      path: '/curriculum.topics,dashboard.overview?batch=1&input=%7B%7D',
      init: get('erased'),
      by: 'transport',
    },
    'a batch without a comma': { path: '/curriculum.topics?batch=1&input=%7B%7D', init: get(), by: 'transport' },
    'a batch flag that is none': { path: '/curriculum.topics?batch=true', init: get(), by: 'transport' },
    'an empty batch': { path: '/?batch=1', init: get(), by: 'adapter' },
    'a batch with a hole': {
      path: '/curriculum.topics,,curriculum.topics?batch=1&input=%7B%7D',
      init: get(),
      by: 'adapter',
    },
    'a batch that is too long': {
      path: `/${Array.from({ length: 11 }, () => 'curriculum.topics').join(',')}?batch=1&input=%7B%7D`,
      init: get(),
      by: 'adapter',
    },
    'a batch of both kinds': {
      path: '/curriculum.topics,tracking.sessionEnd?batch=1',
      init: post(() => '{}'),
      by: 'adapter',
    },
    'an unknown procedure': { path: '/tracking.nothing', init: post(() => '{}'), by: 'adapter' },
    'a procedure of every object': { path: '/constructor', init: get(), by: 'adapter' },
    'a router for a procedure': { path: '/tracking', init: get(), by: 'adapter' },
    'a name in percent-encoding': { path: '/curriculum%2Etopics', init: get(), by: 'adapter' },
    'a broken percent-encoding': { path: '/curriculum%ZZ', init: get(), by: 'adapter' },
    'a query by POST': { path: '/curriculum.topics', init: post(() => '{}'), by: 'adapter' },
    'a mutation by GET': { path: attempts, init: get(), by: 'adapter' },
    'another method': { path: attempts, init: () => ({ ...get()(), method: 'DELETE' }), by: 'adapter' },
    HEAD: { path: '/curriculum.topics', init: () => ({ ...get()(), method: 'HEAD' }), by: 'adapter' },
    'another content type': {
      path: attempts,
      init: post(() => 'a=1', 'learner', { 'content-type': 'application/x-www-form-urlencoded' }),
      by: 'adapter',
    },
    'a form': {
      path: attempts,
      init: post(() => 'x', 'learner', { 'content-type': 'multipart/form-data; boundary=x' }),
      by: 'adapter',
    },
    'no content type': {
      path: attempts,
      init: post(() => Buffer.from('{}'), 'learner', { 'content-type': '' }),
      by: 'adapter',
    },
    'a stream of results': {
      path: '/curriculum.topics?batch=1&input=%7B%7D',
      init: get('learner', { accept: 'application/jsonl' }),
      by: 'adapter',
    },
  };

  const compare = async (name: string, { path, init = get(), by }: Call): Promise<void> => {
    // first a call that warms the cache, so that both read from it
    if (name.includes('cache')) await api.send(`/trpc${path}`, init());
    const plain = await api.send(`/trpc${path}`, init());
    const official = await api.send(`/trpc${path}${path.includes('?') ? '&' : '?'}connectionParams=%7B%7D`, init());
    expect(wireOf(plain)).to.deep.equal(wireOf(official));
    if (by === 'transport') {
      expect(plain.headers.get('content-length'), 'answered by the fast path').to.equal(
        String(Buffer.byteLength(plain.text)),
      );
      expect(official.headers.get('transfer-encoding'), 'answered by the adapter').to.equal('chunked');
    } else {
      expect(plain.headers.get('transfer-encoding')).to.equal(official.headers.get('transfer-encoding'));
    }
  };
  for (const [name, call] of Object.entries(calls)) it(`${name}: the same by both`, () => compare(name, call));

  it('counts and limits the calls of both alike', async () => {
    const countOf = async (): Promise<number> => {
      const { text } = await api.send('/metrics');
      return Number(
        /call_duration_seconds_count\{procedure="curriculum.topic",code="NOT_FOUND"\} (\d+)/.exec(text)?.[1] ?? 0,
      );
    };
    const before = await countOf();
    const path = `/trpc/curriculum.topic?${inputOf({ topicId: newLearner() })}`;
    await api.send(path, get()());
    await api.send(`${path}&connectionParams=%7B%7D`, get()());
    expect(await countOf()).to.equal(before + 2);
    expect((await api.query('curriculum.topic', { topicId }, { token: tokens['learner'] })).status).to.equal(200);
  });

  it('a client that leaves in the middle of its body harms nobody', async () => {
    const controller = new AbortController();
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{"json":')) });
    const sent = fetch(`${api.url}/trpc${attempts}`, { ...post(() => body)(), signal: controller.signal }).catch(
      () => null,
    );
    setTimeout(() => controller.abort(), 50);
    expect(await sent).to.equal(null);
    expect((await api.send('/trpc/curriculum.topics', get()())).status).to.equal(200);
    expect(api.logged).to.not.deep.include({ event: 'api.request_failed' });
  });
});
