import { expect } from 'chai';
import { createAttemptSource } from '../src/load/attempt-source.ts';
import { readAnswer } from '../src/load/connection.ts';
import { prepareCalls } from '../src/load/prepare-calls.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');
const options = { seed: 'a', learners: 1_000, nowMs };

describe('the answers of the benches', () => {
  const source = createAttemptSource(options);
  const calls = Array.from({ length: 20_000 }, () => source.next(1));
  const attempts = calls.flatMap((call) => call.attempts);

  it('are the same for the same seed, and share no id with those of another', () => {
    const again = createAttemptSource(options);
    expect(calls.slice(0, 50)).to.deep.equal(Array.from({ length: 50 }, () => again.next(1)));
    const other = createAttemptSource({ ...options, seed: 'b' });
    const ids = new Set(attempts.map(({ eventId }) => eventId));
    for (let n = 0; n < 1_000; n += 1) expect(ids.has(other.next(1).attempts[0]?.eventId ?? '')).to.equal(false);
  });

  it('come from a few busy learners for the most part', () => {
    const busiest = calls.filter(({ learner }) => learner < 100).length / calls.length;
    expect(busiest).to.be.within(0.45, 0.6);
    expect(new Set(calls.map(({ learner }) => learner)).size).to.be.greaterThan(950);
  });

  it('come twice in one of a hundred, and late in one of twenty', () => {
    const unique = new Set(attempts.map(({ eventId }) => eventId)).size;
    expect(1 - unique / attempts.length).to.be.within(0.005, 0.015);
    const atMs = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    const late = attempts.filter(({ eventId }) => nowMs - atMs(eventId) > 60_000).length;
    expect(late / attempts.length).to.be.within(0.04, 0.06);
  });
});

describe('a prepared call', () => {
  it('is a whole request with the learner’s token', () => {
    const tokens = ['token-of-one'];
    const [call] = prepareCalls(
      { url: 'http://127.0.0.1:81/a/b', seed: 'c', tokens, attemptsACall: 2, calls: 1 },
      nowMs,
    );
    const [head = '', body = ''] = (call?.request.toString() ?? '').split('\r\n\r\n');
    expect(head).to.match(/^POST \/a\/b HTTP\/1\.1\r\nhost: 127\.0\.0\.1:81\r\nauthorization: Bearer token-of-one\r\n/);
    expect(head).to.include(`content-length: ${Buffer.byteLength(body)}`);
    expect(JSON.parse(body)).to.have.nested.property('json.events').with.length(2);
  });
});

describe('prepared reads', () => {
  it('are asked in turn, each with its own token, and come round again', () => {
    const reads = ['a', 'b'].map((name) => ({ path: `/trpc/${name}?input=1`, token: `token-of-${name}` }));
    const calls = prepareCalls({ url: 'http://127.0.0.1:81', reads, calls: 3 }, nowMs);
    const heads = calls.map(({ request }) => request.toString());
    expect(heads[1]).to.equal(
      'GET /trpc/b?input=1 HTTP/1.1\r\nhost: 127.0.0.1:81\r\nauthorization: Bearer token-of-b\r\n\r\n',
    );
    expect(heads[2]).to.equal(heads[0]);
    expect(calls.map(({ attempts }) => attempts)).to.deep.equal([null, null, null]);
    expect(() => prepareCalls({ url: 'http://127.0.0.1:81', reads: [], calls: 1 }, nowMs)).to.throw('at least one');
  });
});

describe('an answer', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

  it('is complete with as many bytes as it says', () => {
    expect(readAnswer(`${head}Content-Length: 4\r\n\r\nabc`)).to.equal(null);
    expect(readAnswer(`${head}Content-Length: 4\r\n\r\nabcd`)).to.deep.equal({ status: 200, body: 'abcd' });
  });

  it('is put together from its chunks', () => {
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n`;
    expect(readAnswer(chunked)).to.equal(null);
    expect(readAnswer(`${chunked}0\r\n\r\n`)).to.deep.equal({ status: 200, body: 'abcd' });
  });

  it('is not complete within its head', () => {
    expect(readAnswer('HTTP/1.1 429 Too Many')).to.equal(null);
  });
});
