// What somebody may send who means no good, or whose program is broken: never a 5xx, never a row, never the value in an answer
// or in the log.
import { expect } from 'chai';
import { encode, startTestApi, tokenFor } from './test-api.ts';
import type { Answer, TestApi } from './test-api.ts';
import { addCurriculum, attempt, countFacts, item, newId, newLearner, sessionId } from './test-curriculum.ts';

const marker = 'needle-4711';
const deep = (depth: number): unknown => JSON.parse('{"a":'.repeat(depth) + `"${marker}"` + '}'.repeat(depth));

/** Values for any place where a text, a number or an id belongs. */
const values: Readonly<Record<string, unknown>> = {
  'a text with NUL': `${marker}\u0000b`,
  'a lone surrogate': `${marker}\ud800`,
  'a very large integer': 2 ** 53 + 2,
  NaN: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  'minus zero times a lot': -1e308,
  'a Date': new Date(8.64e15),
  'an invalid Date': new Date(Number.NaN),
  'the word infinity': 'infinity',
  'the word now': 'now',
  'an array': [marker],
  'an empty object': {},
  'a Map': new Map([[marker, 1]]),
  'a Set': new Set([marker]),
  'a BigInt': 12_345_678_901_234_567_890n,
  'a regular expression': /x/,
  null: null,
  'a deep object': deep(100),
  SQL: `'; drop table study_events; -- ${marker}`,
  'a long text': marker.repeat(2_000),
};

/** Bodies that are no superjson of anything useful. */
const bodies: Readonly<Record<string, string>> = {
  'no JSON': '{"json":',
  'no superjson': '[1,2,3]',
  'a number': '7',
  null: 'null',
  'an empty object': '{}',
  'a list for the input': '{"json":[]}',
  '__proto__ as a key': `{"json":{"__proto__":{"admin":true},"eventId":"${marker}"}}`,
  'constructor as a key': `{"json":{"constructor":{"prototype":{"admin":true}}}}`,
  'a prototype reached by superjson': `{"json":{"a":"${marker}"},"meta":{"values":{"__proto__.polluted":["Date"]}}}`,
  'a prototype reached by reference': `{"json":{"a":{"x":1}},"meta":{"referentialEqualities":{"a":["__proto__.polluted"]}}}`,
  'an unknown type': `{"json":{"a":"${marker}"},"meta":{"values":{"a":["class","Evil"]}}}`,
  'a broken regular expression': '{"json":{"a":"/((((/"},"meta":{"values":{"a":["regexp"]}}}',
  'meta that is no object': '{"json":{},"meta":7}',
  'an item of depth 2,000': `{"json":{"events":[{"eventType":${'['.repeat(2_000)}${']'.repeat(2_000)}}],"surplus":1}}`,
  'depth 50,000': `{"json":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
};

describe('hostile values', () => {
  let api: TestApi;
  let token: string;
  let facts: number;
  const requireRefused = ({ status, text }: Answer, what: string): void => {
    expect(status, `${what}: ${text.slice(0, 200)}`).to.be.within(400, 499);
    requireSilent(text, what);
  };
  const requireSilent = (text: string, what: string): void => {
    expect(text, what)
      .to.not.include(marker)
      .and.not.match(/node_modules|at .*\.ts:|select |insert |\/work\/|drop table/i);
  };

  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
    const learner = newLearner();
    token = await tokenFor(learner, 'learner');
    await api.mutate('tracking.sessionStart', { eventId: newId(), sessionId }, { token });
    facts = await countFacts(api);
  });
  afterEach(async () => {
    expect(await countFacts(api)).to.equal(facts);
    expect(api.logged, 'nothing of this is an error of ours').to.deep.equal([]);
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });
  after(() => api.stop());

  Object.entries(values).forEach(([what, value]) => {
    it(`${what} is refused in every place of an item, alone`, async () => {
      const events = [
        value,
        ...['eventType', 'eventId', 'sessionId', 'questionId', 'properties', marker].map((key) => ({
          ...item(),
          [key]: value,
        })),
        { ...item(), properties: { selectedAnswer: 'A', timeToAnswerSeconds: value } },
        { ...item(), properties: { selectedAnswer: { value }, timeToAnswerSeconds: 1 } },
        { ...item(), eventId: undefined, sourceId: 's', occurredAt: value },
        { eventType: 'custom', eventId: newId(), sessionId, name: 'x', properties: { nested: { value } } },
      ].filter((event) => what !== 'an empty object' || JSON.stringify(event)?.includes('session'));
      const { status, data, text } = await api.mutate('tracking.events', { events }, { token });
      expect(status, text.slice(0, 200)).to.equal(200);
      const { results } = data as { results: readonly { status: string; path?: string }[] };
      expect(results.map((result) => result.status)).to.deep.equal(events.map(() => 'rejected'));
      if (what !== 'SQL') requireSilent(JSON.stringify(results.filter(({ path }) => !path?.startsWith(marker))), what);
    });

    it(`${what} is refused by the flat calls, settings and dashboards`, async () => {
      for (const key of ['eventId', 'sessionId', 'questionId', 'timeToAnswerSeconds', 'isCorrect', 'userId']) {
        requireRefused(
          await api.mutate('tracking.questionAttempt', attempt({ [key]: value }), { token }),
          `${what} as ${key}`,
        );
      }
      requireRefused(
        await api.mutate('tracking.event', { ...item(), userId: value }, { token }),
        `${what} as a learner`,
      );
      if (!Array.isArray(value)) {
        requireRefused(await api.mutate('tracking.events', { events: value }, { token }), what);
      }
      requireRefused(await api.mutate('learner.updateSettings', { timezone: value }, { token }), what);
      // an exam date of null is a wish; an invalid Date is null on the wire
      if (value !== null && what !== 'an invalid Date') {
        requireRefused(await api.mutate('learner.updateSettings', { examDate: value }, { token }), what);
      }
      if (encode(value).length > 8_000) return; // too long for an address
      requireRefused(await api.query('dashboard.topicTrend', { topicId: value }, { token }), what);
      requireRefused(await api.query('curriculum.topic', { slug: value }, { token }), what);
      requireRefused(await api.query('dashboard.heatmap', { days: value }, { token }), what);
    });
  });

  Object.entries(bodies).forEach(([what, body]) => {
    it(`a body with ${what} is a 4xx`, async () => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      for (const path of ['tracking.events', 'tracking.questionAttempt', 'tracking.event']) {
        requireRefused(await api.send(`/trpc/${path}`, { method: 'POST', headers, body }), what);
      }
    });
  });

  it('odd addresses, methods and content types are a 4xx, with a constant text', async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const odd: readonly (readonly [string, RequestInit, number])[] = [
      ['/trpc/', { headers }, 404],
      [`/trpc/${marker}`, { headers }, 404],
      ['/trpc/tracking', { headers }, 404],
      ['/trpc/__proto__', { headers }, 404],
      ['/trpc/tracking.constructor', { headers }, 404],
      ['/trpc/%E0%A4%A', { headers }, 400],
      ['/trpc/dashboard.overview?input=%7Bx', { headers }, 400],
      ['/trpc/tracking.events', { headers }, 405],
      ['/trpc/dashboard.overview', { headers, method: 'POST', body: '{}' }, 405],
      ['/trpc/tracking.events', { headers, method: 'PUT', body: '{}' }, 405],
      [
        '/trpc/tracking.events',
        { headers: { ...headers, 'content-type': 'text/plain' }, method: 'POST', body: 'x' },
        415,
      ],
      [
        '/trpc/tracking.events',
        { headers: { ...headers, 'content-type': 'application/octet-stream' }, method: 'POST', body: 'x' },
        400,
      ],
      [`/${marker}`, {}, 404],
      ['/livez', { method: 'POST' }, 405],
      ['/metrics', { method: 'DELETE' }, 405],
    ];
    for (const [path, init, status] of odd) {
      const answer = await api.send(path, init);
      expect(answer.status, `${init.method ?? 'GET'} ${path}: ${answer.text}`).to.equal(status);
      requireSilent(answer.text, path);
      expect(answer.error?.data.httpStatus, path).to.equal(status);
      expect(answer.headers.get('x-request-id'), path).to.match(/^[\w-]{36}$/);
    }
  });
});
