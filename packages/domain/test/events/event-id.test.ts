import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  deterministicUuid,
  eventIdFor,
  eventTimeMs,
  isEventTime,
  isUuidV7,
  newEventId,
} from '../../src/events/index.ts';

const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('event ids', () => {
  it('are the example of RFC 9562 for its time and random bits', () => {
    const random = Uint8Array.from([0xcc, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    const id = newEventId(0x017f22e279b0, random);
    expect(id.slice(0, 18)).to.equal('017f22e2-79b0-7cc3');
    expect(isUuidV7(id)).to.equal(true);
    expect(eventTimeMs('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).to.equal(Date.UTC(2022, 1, 22, 19, 22, 22));
  });

  it('carry their time', () => {
    fc.assert(
      fc.property(times, (atMs) => {
        const id = newEventId(atMs, randomBytes(10));
        expect(eventTimeMs(id)).to.equal(atMs);
        expect(isUuidV7(id)).to.equal(true);
      }),
    );
  });

  it('sort as their times do', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        if (a !== b) expect(eventIdFor(a, 'x') < eventIdFor(b, 'x')).to.equal(a < b);
      }),
    );
  });

  it('are the same for the same time and source, and differ for another', () => {
    fc.assert(
      fc.property(times, fc.string(), fc.string(), (atMs, a, b) => {
        expect(eventIdFor(atMs, a)).to.equal(eventIdFor(atMs, a));
        if (a.isWellFormed() && b.isWellFormed()) expect(eventIdFor(atMs, a) === eventIdFor(atMs, b)).to.equal(a === b);
      }),
    );
    // Golden: another value would double every event that a client sends again after an update.
    expect(eventIdFor(Date.UTC(2024, 10, 8, 10), 'row-7')).to.equal('01930b37-6500-7259-b5ef-73c10169da9b');
  });

  it('need ten random bytes and a time that fits', () => {
    expect(() => newEventId(0, randomBytes(9))).to.throw(RangeError, '9 bytes');
    for (const atMs of [-1, 2 ** 48, 0.5, NaN]) expect(() => eventIdFor(atMs, 'x')).to.throw(RangeError, `${atMs}`);
  });

  it('use every random bit but those of version and variant', () => {
    const bits = (id: string) => Array.from(id.replaceAll('-', '')).map((digit) => parseInt(digit, 16));
    const ones = bits(newEventId(0, new Uint8Array(10).fill(255)));
    const zeros = bits(newEventId(0, new Uint8Array(10)));
    const differing = ones.map((digit, i) => (digit ^ (zeros[i] ?? 0)).toString(2).replaceAll('0', '').length);
    expect(differing.reduce((sum, n) => sum + n, 0)).to.equal(74);
  });

  it('have a time only in the years 2000 to 2100', () => {
    const borders = [Date.UTC(2000, 0, 1) - 1, Date.UTC(2000, 0, 1), Date.UTC(2101, 0, 1) - 1, Date.UTC(2101, 0, 1)];
    expect(borders.map(isEventTime)).to.deep.equal([false, true, true, false]);
    expect(isEventTime(NaN)).to.equal(false);
  });
});

describe('deterministic ids', () => {
  it('are UUIDs of version 8, the same for the same namespace and text only', () => {
    expect(deterministicUuid('topic', '7')).to.match(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    const pairs = [
      ['topic', '7'],
      ['question', '7'],
      ['a', 'b:c'],
      ['a:b', 'c'],
      ['', ''],
    ] as const;
    expect(new Set(pairs.map(([namespace, text]) => deterministicUuid(namespace, text))).size).to.equal(pairs.length);
    expect(deterministicUuid('topic', '7')).to.equal('551db5ef-c861-88f5-a6f2-17338dac7520');
  });
});
