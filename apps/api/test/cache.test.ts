import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { createAnswerCache } from '../src/cache.ts';
import type { AnswerSource, AnswerVersion } from '../src/cache.ts';
import { formToSend } from '../src/kept-text.ts';

const first: AnswerVersion = { watermark: 1, curriculumVersion: 1, studyDay: '2026-01-01', peersNight: null };
const question = { procedure: 'dashboard.overview', userId: 'u', input: { days: 7 } };

describe('the answer cache', () => {
  let version: AnswerVersion | null;
  let searches: number;
  const reading = {
    reads: null,
    inOrder: <T>(use: (reads: null) => Promise<T>) => use(null),
    findVersion: () => Promise.resolve(version),
  };
  const cacheOf = (maxBytes = 1_000_000) => createAnswerCache({ ...reading, maxBytes });
  const find = (): Promise<{ search: number }> => Promise.resolve({ search: (searches += 1) });

  beforeEach(() => {
    version = first;
    searches = 0;
  });

  it('answers the same question of the same version once from the tables', async () => {
    const cache = cacheOf();
    expect(await cache.answer(question, find)).to.deep.equal({ search: 1 });
    expect(await cache.answer({ ...question, input: { days: 7 } }, find)).to.deep.equal({ search: 1 });
  });

  it('searches again when the learner wrote, the curriculum changed, their day did, or a night was over', async () => {
    const cache = cacheOf();
    await cache.answer(question, find);
    for (const next of [
      { ...first, watermark: 2 },
      { ...first, curriculumVersion: 2 },
      { ...first, studyDay: '2026-01-02' },
      { ...first, peersNight: '2026-01-01' },
    ]) {
      version = next;
      const before = searches;
      await cache.answer(question, find);
      expect(searches).to.equal(before + 1);
    }
  });

  it('of what is the learner’s own searches again when they wrote or their day changed, and for nothing else', async () => {
    const cache = createAnswerCache({
      ...reading,
      maxBytes: 1_000_000,
      findOwnVersion: () => Promise.resolve(version),
    });
    const own = { ...question, isOwn: true };
    const changes = [
      [{ ...first, curriculumVersion: 2, peersNight: '2026-01-01' }, 0],
      [{ ...first, watermark: 2 }, 1],
      [{ ...first, watermark: 2, studyDay: '2026-01-02' }, 1],
    ] as const;
    await cache.answer(own, find);
    for (const [next, more] of changes) {
      version = next;
      const before = searches;
      await cache.answer(own, find);
      expect(searches, JSON.stringify(next)).to.equal(before + more);
    }
  });

  it('keeps nothing of what all share under a version without it', async () => {
    const { watermark, studyDay } = first;
    const findVersion = (): Promise<AnswerVersion> => Promise.resolve({ watermark, studyDay } as AnswerVersion);
    const cache = createAnswerCache({ ...reading, maxBytes: 1_000_000, findVersion });
    const refused = await cache.answer(question, find).catch((error: unknown) => error);
    expect(refused).to.be.an('error').with.property('message', 'what all learners share was not looked at');
  });

  it('keeps apart learners, procedures and inputs', async () => {
    const cache = cacheOf();
    const others = [
      question,
      { ...question, userId: 'v' },
      { ...question, procedure: 'dashboard.all' },
      { ...question, input: { days: 8 } },
    ];
    for (const other of others) await cache.answer(other, find);
    expect(searches).to.equal(4);
  });

  it('lets those who ask at the same time share one search', async () => {
    const cache = cacheOf();
    const answers = await Promise.all(Array.from({ length: 20 }, () => cache.answer(question, find)));
    expect(searches).to.equal(1);
    expect(new Set(answers).size).to.equal(1);
  });

  it('says of each answer where it came from: a search that others wait for counts once', async () => {
    const sources: AnswerSource[] = [];
    const onAnswer = (from: AnswerSource): void => void sources.push(from);
    const cache = createAnswerCache({ ...reading, maxBytes: 1_000_000, onAnswer });
    await Promise.all([1, 2, 3].map(() => cache.answer(question, find)));
    await cache.answer(question, find);
    expect(sources).to.have.members(['tables', 'shared', 'shared', 'cache']);
    expect(sources.at(-1)).to.equal('cache');
  });

  it('looks for the rows together with the version where nothing is kept, and keeps them under it', async () => {
    const asked: string[] = [];
    const findVersion = async (): Promise<AnswerVersion> => {
      asked.push('version');
      await new Promise((resolve) => setImmediate(resolve));
      asked.push('version is known');
      return first;
    };
    const cache = createAnswerCache({ ...reading, maxBytes: 1_000_000, findVersion });
    const rows = (): Promise<{ search: number }> => {
      asked.push('rows');
      return find();
    };
    await cache.answer(question, rows);
    expect(asked).to.deep.equal(['version', 'rows', 'version is known']);
    expect(await cache.answer(question, rows)).to.deep.equal({ search: 1 });
    expect(asked.slice(3)).to.deep.equal(['version', 'version is known']);
  });

  it('does not share a search of another version with who asks after a write', async () => {
    const cache = cacheOf();
    let finish: (answer: { search: number }) => void = () => undefined;
    const slow = cache.answer(question, () => new Promise<{ search: number }>((resolve) => (finish = resolve)));
    version = { ...first, watermark: 2 };
    const later = cache.answer(question, find);
    await new Promise((resolve) => setImmediate(resolve));
    finish({ search: -1 });
    expect(await slow).to.deep.equal({ search: -1 });
    expect(await later).to.deep.equal({ search: 1 });
    expect(await cache.answer(question, find)).to.deep.equal({ search: 1 });
  });

  it('begins one search for all who ask after a write', async () => {
    const cache = cacheOf();
    await cache.answer(question, find);
    version = { ...first, watermark: 2 };
    const answers = await Promise.all(Array.from({ length: 20 }, () => cache.answer(question, find)));
    expect([searches, new Set(answers).size]).to.deep.equal([2, 1]);
  });

  it('tells all who wait for one search that the learner is unknown, or that nothing can be read', async () => {
    version = null;
    const cache = cacheOf();
    const codeOf = (error: unknown): unknown => (error as { code?: string }).code;
    const asked = [1, 2, 3].map(() => cache.answer(question, find).catch(codeOf));
    expect(await Promise.all(asked)).to.deep.equal(['not_found', 'not_found', 'not_found']);
    version = first;
    const inOrder = (): Promise<never> => Promise.reject(new Error('down'));
    const broken = createAnswerCache({ ...reading, maxBytes: 1_000_000, inOrder });
    const messages = [1, 2].map(() =>
      broken.answer(question, find).catch((error: unknown) => (error as Error).message),
    );
    expect(await Promise.all(messages)).to.deep.equal(['down', 'down']);
  });

  it('lets a search end before it says that the learner is unknown: its reads are lent', async () => {
    version = null;
    const order: string[] = [];
    const slow = async (): Promise<object> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push('searched');
      throw new Error('no rows');
    };
    const code = await cacheOf()
      .answer(question, slow)
      .catch((error: unknown) => (error as { code?: string }).code);
    expect([...order, code]).to.deep.equal(['searched', 'not_found']);
  });

  it('given no bytes keeps nothing, and lets those who ask at the same time share one search', async () => {
    const cache = cacheOf(0);
    await cache.answer(question, find);
    expect(await cache.answer(question, find)).to.deep.equal({ search: 2 });
    await Promise.all([cache.answer(question, find), cache.answer(question, find)]);
    expect(searches).to.equal(3);
  });

  it('does not keep a failed search', async () => {
    const cache = cacheOf();
    const failing = cache.answer(question, () => Promise.reject(new Error('down')));
    expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal('down');
    expect(await cache.answer(question, find)).to.deep.equal({ search: 1 });
  });

  it('never stores what an older search found under a newer version', async () => {
    const cache = cacheOf();
    let finish: (answer: { search: number }) => void = () => undefined;
    const slow = cache.answer(question, () => new Promise<{ search: number }>((resolve) => (finish = resolve)));
    await new Promise((resolve) => setImmediate(resolve));
    version = { ...first, watermark: 2 };
    finish({ search: 0 });
    await slow;
    expect(await cache.answer(question, find)).to.deep.equal({ search: 1 });
  });

  it('refuses a learner nobody knows, also where an answer is still in it', async () => {
    const cache = cacheOf();
    await cache.answer(question, find);
    version = null;
    expect(await cache.answer(question, find).catch((error: unknown) => (error as { code: string }).code)).to.equal(
      'not_found',
    );
  });

  it('is bounded by bytes: what does not fit goes, and too large an answer is not kept', async () => {
    const cache = cacheOf(9_500);
    const large = (): Promise<object> => find().then((found) => ({ ...found, text: 'x'.repeat(900) }));
    const ask = (userId: string, size = large): Promise<object> => cache.answer({ ...question, userId }, size);
    for (const userId of ['a', 'b', 'c']) await ask(userId);
    await ask('c');
    expect(searches).to.equal(3);
    await ask('a');
    expect(searches).to.equal(4);
    const huge = (): Promise<object> => find().then((found) => ({ ...found, text: 'x'.repeat(9_000) }));
    await ask('h', huge);
    await ask('h', huge);
    expect(searches).to.equal(6);
  });

  it('holds no more memory than it was given, of small answers as of large ones, read once as twice', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void; // as: V8's own, there by the flag
    const maxBytes = 8 * 1024 * 1024;
    for (const topics of [1, 40]) {
      const cache = cacheOf(maxBytes);
      const before = await settledBytes(collect);
      for (let n = 0; n < 120_000 / (topics + 5); n += 1) {
        const found = await cache.answer({ ...question, userId: `learner ${n}` }, () =>
          Promise.resolve(answerOf(n, topics)),
        );
        for (let reader = 0; reader < n % 3; reader += 1) formToSend(found);
      }
      const held = (await settledBytes(collect)) - before;
      expect(held, `${topics} topics`).to.be.within(maxBytes / 4, maxBytes * 1.05);
      await cache.answer(question, find); // the cache is alive to the end
    }
  });
});

/** Objects, and the bytes of buffers, which are kept outside of the heap. */
function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** When no more of them goes: buffers are given back some time after the collection that found them. */
async function settledBytes(collect: () => void): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 100; n += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const now = usedBytes();
    if (Math.abs(before - now) < 10_000) return now;
    before = now;
  }
  return before;
}

/** An answer of so many topics, unlike any other. */
function answerOf(n: number, topics: number): object {
  const list = Array.from({ length: topics }, (_, k) => k);
  return {
    asOf: null,
    topics: list.map((k) => ({ topicId: `${n}-${k}`, name: `Topic ${k}`, mastery: k / (n + 1), trend: 'stable' })),
    days: list.map((k) => k * 1.5),
  };
}
