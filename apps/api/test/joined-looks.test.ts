import { expect } from 'chai';
import { waitFor } from '@studyin/testkit/wait-for';
import { joinLooks } from '../src/joined-looks.ts';
import type { JoinedLooksOptions } from '../src/joined-looks.ts';

type Look = { readonly keys: readonly string[]; answer(): void; fail(): void };

/** Looks that answer, each key in upper case, when the test says so; the key `nobody` has nothing. */
function heldLooks(options: Partial<JoinedLooksOptions> = {}) {
  const looks: Look[] = [];
  const find = joinLooks<string>(
    (keys) => {
      const held = Promise.withResolvers<ReadonlyMap<string, string>>();
      const found = new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, key.toUpperCase()]));
      looks.push({
        keys,
        answer: () => held.resolve(found),
        fail: () => held.reject(new Error('the database is away')),
      });
      return held.promise;
    },
    { mostKeys: 10, patienceMs: 600_000, atOnce: 2, ...options },
  );
  return { looks, find };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('looks that are joined', () => {
  it('go together where they are asked for in one turn, each key once', async () => {
    const { looks, find } = heldLooks();
    const found = Promise.all([find('a'), find('b'), find('a'), find('nobody')]);
    await turn();
    expect(looks.map(({ keys }) => keys)).to.deep.equal([['a', 'b', 'nobody']]);
    looks[0]?.answer();
    expect(await found).to.deep.equal(['A', 'B', 'A', null]);
  });

  it('never join one that has begun, which may have seen what was there before', async () => {
    const { looks, find } = heldLooks();
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

  it('have at most so many keys', async () => {
    const { looks, find } = heldLooks({ mostKeys: 2 });
    const all = Promise.all(['a', 'b', 'c'].map(find));
    await turn();
    expect(looks.map(({ keys }) => keys)).to.deep.equal([['a', 'b']]);
    looks[0]?.answer();
    await turn();
    expect(looks[1]?.keys).to.deep.equal(['c']);
    looks[1]?.answer();
    expect(await all).to.deep.equal(['A', 'B', 'C']);
  });

  it('do not wait long for one that takes long, and are at most so many then', async () => {
    const { looks, find } = heldLooks({ patienceMs: 1 });
    const slow = find('a');
    await turn();
    const behind = find('b');
    await waitFor(() => looks.length === 2);
    const last = find('c');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(looks.map(({ keys }) => keys)).to.deep.equal([['a'], ['b']]);
    looks[1]?.answer();
    expect(await behind).to.equal('B');
    await waitFor(() => looks.length === 3);
    looks[2]?.answer();
    expect(await last).to.equal('C');
    looks[0]?.answer();
    expect(await slow).to.equal('A');
  });

  it('fail for those alone who asked, and go on', async () => {
    const { looks, find } = heldLooks();
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
