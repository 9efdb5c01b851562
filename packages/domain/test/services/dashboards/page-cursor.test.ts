import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { createKeyCursor, decodeCursor, encodeCursor, pageOf } from '../../../src/services/page-cursor.ts';
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

  it('of a list with a key of its own bring back that key, to the bit, and fit no other list', () => {
    const key = z.strictObject({ score: z.number().min(0).max(1).nullable(), topicId: z.guid() });
    const [mine, other] = [createKeyCursor('mine', key), createKeyCursor('other', key)];
    fc.assert(
      fc.property(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), fc.string(), (score, name) => {
        const cursor = mine.encode({ score, topicId: id(name) });
        expect(cursor).to.match(/^[\w-]{1,300}$/);
        expect(mine.decode(cursor)).to.deep.equal({ score: score === 0 ? 0 : score, topicId: id(name) });
        expect(() => other.decode(cursor)).to.throw('cursor');
        expect(() => mine.decode(`${cursor}AAAA`)).to.throw('cursor');
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void expect(() => mine.decode(text)).to.throw('cursor')));
    expect(mine.decode(undefined)).to.equal(null);
  });

  it('are given only where another page follows', () => {
    const cursorOf = (n: number) => `after ${n}`;
    expect(pageOf([1, 2], { limit: 2, cursorOf })).to.deep.equal({ items: [1, 2], nextCursor: null });
    expect(pageOf([1, 2, 3], { limit: 2, cursorOf })).to.deep.equal({ items: [1, 2], nextCursor: 'after 2' });
    expect(pageOf([], { limit: 2, cursorOf })).to.deep.equal({ items: [], nextCursor: null });
  });
});
