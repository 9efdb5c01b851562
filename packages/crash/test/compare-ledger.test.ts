import { expect } from 'chai';
import { compareLedger } from '../src/audit/compare-ledger.ts';
import type { StoredEvent } from '../src/audit/compare-ledger.ts';
import { sentItem, storedRows } from './items.ts';

const items = [
  sentItem(1),
  sentItem(2),
  sentItem(3, { eventType: 'material_open', questionId: null, selectedAnswer: null }),
];
const compare = (stored: readonly StoredEvent[], lost: readonly string[] = []) =>
  compareLedger(
    { acknowledged: items, wasSent: (id) => [...items, sentItem(9)].some(({ eventId }) => eventId === id), lost },
    stored,
  );
const whole = items.map((item) => storedRows(item));
const sound = { acknowledged: 3, found: 3, missing: 0, doubled: 0, foreign: 0 };

describe('the ledger compared with the tables', () => {
  it('is sound where every acknowledged item is there once, whatever else of what was sent is stored', () => {
    expect(compare(whole)).eql(sound);
    expect(compare([...whole, storedRows(sentItem(9))])).eql(sound);
  });

  it('misses an item without its row, an answer without its attempt, and one whose content is another', () => {
    expect(compare(whole.slice(1))).eql({ ...sound, found: 2, missing: 1 });
    const [first, ...rest] = items;
    if (first === undefined) throw new Error('there is one');
    for (const wrong of [{ attempts: 0 }, { selectedAnswer: 'B' }, { questionId: null }, { userId: 'another' }]) {
      const stored = [storedRows(first, wrong), ...rest.map((item) => storedRows(item))];
      expect(compare(stored), JSON.stringify(wrong)).eql({ ...sound, found: 2, missing: 1 });
    }
  });

  it('misses an item that was lost and stored anew by a repetition', () => {
    expect(compare(whole, ['event-2'])).eql({ ...sound, found: 2, missing: 1 });
  });

  it('counts what is stored twice, and what nobody has sent', () => {
    const [first, ...rest] = whole;
    if (first === undefined) throw new Error('there is one');
    expect(compare([{ ...first, events: 2 }, ...rest])).eql({ ...sound, doubled: 1 });
    expect(compare([{ ...first, attempts: 2 }, ...rest])).eql({ ...sound, doubled: 1 });
    expect(compare([...whole, { ...first, id: 'of nobody' }])).eql({ ...sound, foreign: 1 });
  });
});
