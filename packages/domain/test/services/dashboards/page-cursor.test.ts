import { expect } from 'chai';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, pageOf } from '../../../src/services/page-cursor.ts';
import { id } from './fixture.ts';

describe('page cursors', () => {
  it('bring back the time and the id they were made of', () => {
    const times = fc.integer({ min: 0, max: 4_133_980_799_999 });
    fc.assert(
      fc.property(times, fc.string(), (atMs, name) => {
        const key = { at: new Date(atMs), id: id(name) };
        const cursor = encodeCursor(key);
        expect(cursor).to.match(/^[\w-]{1,100}$/);
        expect(decodeCursor(cursor)).to.deep.equal(key);
      }),
    );
  });

  it('are refused, never misread, when they are any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeCursor(text)).to.throw('cursor');
      }),
    );
    expect(decodeCursor(null)).to.equal(null);
  });

  it('are given only where another page follows', () => {
    const keyOf = (n: number) => ({ at: new Date(n), id: id('row') });
    expect(pageOf([1, 2], { limit: 2, keyOf })).to.deep.equal({ items: [1, 2], nextCursor: null });
    expect(pageOf([1, 2, 3], { limit: 2, keyOf })).to.deep.equal({ items: [1, 2], nextCursor: encodeCursor(keyOf(2)) });
    expect(pageOf([], { limit: 2, keyOf })).to.deep.equal({ items: [], nextCursor: null });
  });
});
