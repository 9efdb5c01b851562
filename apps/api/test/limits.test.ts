import { expect } from 'chai';
import { startTestApi, tokenFor } from './test-api.ts';
import type { TestApi } from './test-api.ts';
import { addCurriculum, attempt, countFacts, item, newId, newLearner, sessionId } from './test-curriculum.ts';

const headersOf = (token: string): Record<string, string> => ({
  'content-type': 'application/json',
  authorization: `Bearer ${token}`,
});
/** The same call so many times. */
const pathOf = (calls: number): string => Array.from({ length: calls }, () => 'curriculum.topics').join(',');
const streamOf = (text: string): ReadableStream => new Blob([text]).stream();

describe('the limits of a request', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startTestApi();
    await addCurriculum(api);
    token = await tokenFor(newLearner(), 'learner');
  });
  after(() => api.stop());

  it('a body over 256 KB is 413, whether it says its length or not; one just below is read', async () => {
    const bodyOf = (bytes: number): string => `{"json":{"events":[{}]}${' '.repeat(bytes - 24)}}`;
    const send = (body: string | ReadableStream): Promise<number> =>
      api
        .send('/trpc/tracking.events', {
          method: 'POST',
          headers: headersOf(token),
          body,
          duplex: 'half',
        })
        .then(({ status, error }) => {
          if (status === 413) expect(error?.data.code).to.equal('PAYLOAD_TOO_LARGE');
          return status;
        });
    expect(await send(bodyOf(256 * 1024))).to.equal(200);
    expect(await send(bodyOf(256 * 1024 + 1))).to.equal(413);
    expect(await send(streamOf(bodyOf(256 * 1024)))).to.equal(200);
    expect(await send(streamOf(bodyOf(256 * 1024 + 1)))).to.equal(413);
    // fetch may meet the closed connection before it has sent all of 20 MB
    const huge = await send(bodyOf(20 * 1024 * 1024)).catch(() => 413);
    expect(huge).to.equal(413);
  });

  it('ten calls go in one HTTP batch, eleven are 400', async () => {
    const batch = async (size: number, paths = pathOf(size)): Promise<number> =>
      (await api.send(`/trpc/${paths}?batch=1&input=%7B%7D`, { headers: headersOf(token) })).status;
    expect(await batch(10)).to.equal(200);
    expect(await batch(11)).to.equal(400);
    // longer than an address may be: node itself refuses it
    expect(await batch(1_000)).to.equal(431);
  });

  it('a batch of calls with different outcomes answers each', async () => {
    const input = JSON.stringify({
      0: { json: attempt() },
      1: { json: attempt({ isCorrect: 'yes' }) },
    });
    const { status, text } = await api.send('/trpc/tracking.questionAttempt,tracking.questionAttempt?batch=1', {
      method: 'POST',
      headers: headersOf(token),
      body: input,
    });
    expect(status).to.equal(207);
    const [first, second] = JSON.parse(text) as [object, object];
    expect(first).to.have.nested.property('result.data.json.status', 'accepted');
    expect(second).to.have.nested.property('error.json.data.issues[0].path', 'isCorrect');
  });

  it('1 to 500 items go in one batch of events', async () => {
    for (const [length, status] of [
      [0, 400],
      [1, 200],
      [500, 200],
      [501, 400],
    ] as const) {
      const answer = await api.mutate('tracking.events', { events: Array.from({ length }, () => 7) }, { token });
      expect(answer.status, String(length)).to.equal(status);
      if (status === 400) expect(answer.error?.data.issues?.[0]?.path).to.equal('events');
    }
  });

  it('an unknown key is refused with its path, in every input', async () => {
    const facts = await countFacts(api);
    const answers = await Promise.all([
      api.mutate('tracking.events', { events: [item()], surplus: 1 }, { token }),
      api.mutate('tracking.questionAttempt', attempt({ surplus: 1 }), { token }),
      api.mutate(
        'tracking.materialInteraction',
        { eventId: newId(), sessionId, materialId: newLearner(), durationSeconds: 1, surplus: 1 },
        { token },
      ),
      api.mutate('tracking.sessionStart', { eventId: newId(), sessionId, surplus: 1 }, { token }),
      api.mutate('tracking.sessionEnd', { eventId: newId(), sessionId, surplus: 1 }, { token }),
      api.mutate('learner.updateSettings', { surplus: 1 }, { token }),
      api.query('learner.settings', { surplus: 1 }, { token }),
      api.query('dashboard.all', { surplus: 1 }, { token }),
      api.query('curriculum.topics', { surplus: 1 }, { token }),
    ]);
    for (const { status, error } of answers) {
      expect(status).to.equal(400);
      expect(error?.data.issues).to.deep.include({ path: 'surplus', code: 'unrecognized_keys' });
    }
    const inItem = await api.mutate('tracking.event', { ...item(), surplus: 1 }, { token });
    expect([inItem.status, inItem.error?.data.path]).to.deep.equal([400, 'surplus']);
    expect(await countFacts(api)).to.equal(facts);
  });
});

describe('the limit of calls', () => {
  let api: TestApi;
  const statusOf = async (token: string | undefined, calls = 1): Promise<number> => {
    const path = pathOf(calls);
    const headers = token === undefined ? {} : headersOf(token);
    return (await api.send(`/trpc/${path}${calls > 1 ? '?batch=1&input=%7B%7D' : ''}`, { headers })).status;
  };
  before(async () => {
    api = await startTestApi({ STUDYIN_RATE_LIMIT_PER_MINUTE: '5' });
  });
  after(() => api.stop());

  it('counts calls, not batches, by learner; others and services are not held up', async () => {
    const token = await tokenFor(newLearner(), 'learner');
    expect(await statusOf(token, 4)).to.equal(200);
    expect(await statusOf(token)).to.equal(200);
    const refused = await api.query('curriculum.topics', undefined, { token });
    expect([refused.status, refused.error?.data.code]).to.deep.equal([429, 'TOO_MANY_REQUESTS']);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 60);
    expect(refused.headers.get('x-request-id')).to.equal(refused.error?.data.requestId);
    expect(refused.headers.get('x-content-type-options')).to.equal('nosniff');
    expect((await api.send('/metrics')).text).to.match(/procedure="rate_limited",code="TOO_MANY_REQUESTS"\} 1\n/);
    expect(await statusOf(await tokenFor(newLearner(), 'learner'))).to.equal(200);
    const service = await tokenFor(newLearner(), 'service');
    for (let call = 0; call < 8; call += 1) expect(await statusOf(service)).to.equal(200);
  });

  it('counts those nobody knows by their address', async () => {
    const statuses: number[] = [];
    for (let call = 0; call < 7; call += 1) statuses.push(await statusOf(undefined));
    expect(statuses).to.deep.equal([401, 401, 401, 401, 401, 429, 429]);
  });

  it('does not believe a forwarded address that no trusted proxy vouches for', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    expect((await api.send('/trpc/curriculum.topics', { headers })).status).to.equal(429);
  });
});

describe('behind a trusted proxy', () => {
  it('the client’s address is the one before the last hop, and its request id is kept', async () => {
    const api = await startTestApi({ STUDYIN_TRUST_PROXY: '1' });
    try {
      await addCurriculum(api);
      const learner = newLearner();
      const headers = { 'x-forwarded-for': '198.51.100.9, 203.0.113.77', 'x-request-id': 'from-the-proxy-1' };
      const answer = await api.mutate('tracking.questionAttempt', attempt(), {
        token: await tokenFor(learner, 'learner'),
        headers,
      });
      expect(answer.headers.get('x-request-id')).to.equal('from-the-proxy-1');
      const rows = await api.sql('select host(client_ip) as ip from study_events where user_id = $1', [learner]);
      expect(rows).to.deep.equal([{ ip: '203.0.113.0' }]);
    } finally {
      await api.stop();
    }
  });
});
