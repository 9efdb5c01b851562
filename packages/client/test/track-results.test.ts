import { expect } from 'chai';
import { NotCapturedError } from '@studyin/client';
import { refusal } from './scripted-server.ts';
import { answered, answerWith, sentIn, setUpTracking } from './tracking-setup.ts';

const sessionId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

describe('the results of tracking', () => {
  const start = setUpTracking();

  it('tells of each act by itself, and keeps none that has a result', async () => {
    const verdicts = ['accepted', 'duplicate', 'conflict', 'rejected'];
    const { client, track, results } = await start({
      answer: answerWith((events) =>
        events.map(({ eventId }, n) => ({
          eventId,
          status: verdicts[n],
          ...(n === 3 ? { reason: 'pii', path: 'properties.a' } : {}),
        })),
      ),
    });
    track('a', 'b', 'c', 'd');
    expect(await client.flush()).deep.equal({ waiting: 0 });
    expect(results.map(({ status }) => status)).deep.equal(verdicts);
    expect(results[3]).deep.include({ reason: 'pii', path: 'properties.a' }).nested.include({ 'event.name': 'd' });
  });

  it('refuses what comes when the queue is full, and keeps what is there', async () => {
    const { client, track, results } = await start({}, { queue: { maxItems: 3 } });
    const [, , , refused] = track('a', 'b', 'c', 'd');
    expect(await refused?.stored.catch((error: unknown) => error))
      .instanceOf(NotCapturedError)
      .include({ reason: 'queue_full' });
    expect(results).deep.include({
      event: results[0]?.event,
      eventId: null,
      status: 'rejected',
      reason: 'queue_full',
    });
    await client.flush();
    expect(results.map(({ event, status }) => ['name' in event && event.name, status])).deep.equal([
      ['d', 'rejected'],
      ['a', 'accepted'],
      ['b', 'accepted'],
      ['c', 'accepted'],
    ]);
    await track('e')[0]?.stored;
  });

  it('refuses what would be too many bytes, or too many for one batch', async () => {
    const { client, results } = await start({}, { queue: { maxBytes: 500, batchBytes: 300 } });
    for (const length of [1, 1, 1, 1, 1, 400]) {
      client.track.event({ eventType: 'custom', sessionId, name: 'x', properties: { text: 'x'.repeat(length) } });
    }
    await answered(results, 4);
    expect(new Set(results.map(({ reason }) => reason))).deep.equal(new Set(['queue_full', 'too_large']));
  });

  it('halves what is too large for the server, and rejects what is so alone', async () => {
    const { server, client, track, results } = await start({
      fail: (request) =>
        sentIn(request).length > 2 || sentIn(request).some(({ name }) => name === 'huge')
          ? refusal('PAYLOAD_TOO_LARGE', 413)
          : null,
    });
    track('a', 'b', 'huge', 'd', 'e');
    expect(await client.flush()).deep.equal({ waiting: 0 });
    expect(results.filter(({ status }) => status === 'accepted')).length(4);
    expect(results.filter(({ reason }) => reason === 'too_large')).length(1);
    expect(new Set(server.requests.flatMap(sentIn).map(({ eventId }) => eventId)).size).equal(5);
  });

  it('goes on after a listener that throws, and says so', async () => {
    const { client, track, errors } = await start(
      {},
      {
        onResult: () => {
          throw new Error('listener');
        },
      },
    );
    track('a', 'b');
    expect(await client.flush()).deep.equal({ waiting: 0 });
    expect(errors.map(String)).deep.equal(['Error: listener', 'Error: listener']);
  });
});
