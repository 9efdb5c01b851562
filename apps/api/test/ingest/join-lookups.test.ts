import { expect } from 'chai';
import { joinLookups } from '../../src/ingest/join-lookups.ts';

describe('joined look-ups', () => {
  it('those of one turn are searched together, each answered its own; later ones by themselves', async () => {
    const searches: (readonly number[])[] = [];
    const find = joinLookups((keys: readonly number[]) => {
      searches.push(keys);
      return Promise.resolve(keys.map((key) => key * 10));
    });
    expect(await Promise.all([find(1), find(2), find(3)])).to.deep.equal([10, 20, 30]);
    expect(await find(4)).to.equal(40);
    expect(searches).to.deep.equal([[1, 2, 3], [4]]);
  });

  it('what the search throws is thrown to each, and the next goes on', async () => {
    let fails = true;
    const find = joinLookups((keys: readonly number[]) =>
      fails ? Promise.reject(new Error('down')) : Promise.resolve(keys),
    );
    const messages = await Promise.all(
      [find(1), find(2)].map((one) => one.catch((error: unknown) => (error as Error).message)),
    );
    expect(messages).to.deep.equal(['down', 'down']);
    fails = false;
    expect(await find(3)).to.equal(3);
  });
});
