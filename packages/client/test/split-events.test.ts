import { expect } from 'chai';
import fc from 'fast-check';
import { splitEvents } from '../src/split-events.ts';
import { eventsFor, smallEvent, wideEvent } from './events.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('splitting events into batches', () => {
  it('keeps every event, in order, within both limits', () => {
    const limitsArbitrary = fc.record({
      maxItems: fc.integer({ min: 1, max: 7 }),
      maxBytes: fc.integer({ min: 1, max: 6000 }),
    });
    const eventsArbitrary = fc.array(fc.boolean(), { maxLength: 30 });
    fc.assert(
      fc.property(eventsArbitrary, limitsArbitrary, (wide, limits) => {
        const events = wide.map((isWide, n) => (isWide ? wideEvent(n) : smallEvent(n)));
        const batches = splitEvents(events, limits);
        expect(batches.flat()).deep.equal(events);
        for (const batch of batches) {
          expect(batch.length).within(1, limits.maxItems);
          if (batch.length > 1) expect(bytesOf(batch)).at.most(limits.maxBytes + 1); // the array's own brackets
        }
      }),
    );
  });

  it('makes 500 small events one batch, and one more a second', () => {
    expect(splitEvents(eventsFor(501)).map((batch) => batch.length)).deep.equal([500, 1]);
  });

  it('measures bytes, not characters', () => {
    const events = eventsFor(2, (n) => ({
      ...wideEvent(n),
      eventType: 'custom',
      name: 'wide',
      properties: { text: '中'.repeat(300) },
    }));
    expect(splitEvents(events, { maxItems: 500, maxBytes: 2000 })).length(2);
  });

  it('makes no batch of nothing', () => {
    expect(splitEvents([])).deep.equal([]);
  });
});
