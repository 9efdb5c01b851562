import { expect } from 'chai';
import { joinLooks } from '../src/joined-looks.ts';

type Look = { readonly keys: readonly string[]; answer(): void; fail(): void };

/** Looks that answer, each key in upper case, when the test says so; the key `nobody` has nothing. */
function heldLooks(options: { readonly atOnce: number; readonly mostKeys: number }) {
  const looks: Look[] = [];
  const find = joinLooks<string>((keys) => {
    const held = Promise.withResolvers<ReadonlyMap<string, string>>();
    const found = new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, key.toUpperCase()]));
    looks.push({ keys, answer: () => held.resolve(found), fail: () => held.reject(new Error('the database is away')) });
    return held.promise;
  }, options);
  return { looks, find };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('looks that are joined', () => {
  it('go together where they are asked for in one turn, each key once', async () => {
    const { looks, find } = heldLooks({ atOnce: 1, mostKeys: 10 });
    const found = Promise.all([find('a'), find('b'), find('a'), find('nobody')]);
    await turn();
    expect(looks.map(({ keys }) => keys)).to.deep.equal([['a', 'b', 'nobody']]);
    looks[0]?.answer();
    expect(await found).to.deep.equal(['A', 'B', 'A', null]);
  });

  it('never join one that has begun, which may have seen what was there before', async () => {
    const { looks, find } = heldLooks({ atOnce: 1, mostKeys: 10 });
    const first = find('a');
    await turn();
    const second = find('a');
    await turn();
    expect(looks).to.have.length(1);
    looks[0]?.answer();
    expect(await first).to.equal('A');
    await turn();
    expect(looks.map(({ keys }) => keys)).to.deep.equal([['a'], ['a']]);
    looks[1]?.answer();
    expect(await second).to.equal('A');
  });

  it('are at most so many at once, of at most so many keys', async () => {
    const { looks, find } = heldLooks({ atOnce: 2, mostKeys: 2 });
    const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map(find));
    await turn();
    expect(looks.map(({ keys }) => keys)).to.deep.equal([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    looks[0]?.answer();
    await turn();
    expect(looks[2]?.keys).to.deep.equal(['e']);
    looks[1]?.answer();
    looks[2]?.answer();
    expect(await all).to.deep.equal(['A', 'B', 'C', 'D', 'E']);
  });

  it('fail for those alone who asked, and go on', async () => {
    const { looks, find } = heldLooks({ atOnce: 1, mostKeys: 10 });
    const failed = find('a').catch((error: unknown) => (error as Error).message);
    await turn();
    const later = find('b');
    looks[0]?.fail();
    expect(await failed).to.equal('the database is away');
    await turn();
    looks[1]?.answer();
    expect(await later).to.equal('B');
  });
});
