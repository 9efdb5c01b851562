import { expect } from 'chai';
import fc from 'fast-check';
import { newEventId } from '@studyin/client';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('an event id of the client', () => {
  it('is a UUIDv7 that holds the time of the event', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (atMs) => {
        const id = newEventId(atMs);
        expect(id).match(uuidV7);
        expect(parseInt(id.replace('-', '').slice(0, 12), 16)).equal(atMs);
      }),
    );
  });

  it('holds the present where no time is given', () => {
    const earliest = Date.now();
    const atMs = parseInt(newEventId().replace('-', '').slice(0, 12), 16);
    expect(atMs).within(earliest, Date.now());
  });

  it('never comes twice, not even in one millisecond', () => {
    const ids = Array.from({ length: 10_000 }, () => newEventId(0));
    expect(new Set(ids).size).equal(ids.length);
  });

  it('uses every random bit', () => {
    const ids = Array.from({ length: 2000 }, () => newEventId(0).replaceAll('-', '').slice(13));
    const seen = Array.from({ length: 19 }, (_, at) => new Set(ids.map((id) => id[at])).size);
    expect(seen).deep.equal([16, 16, 16, 4, ...Array.from({ length: 15 }, () => 16)]);
  });

  it('is refused for a time that it cannot hold', () => {
    for (const atMs of [-1, 0.5, NaN, Infinity, 2 ** 48]) expect(() => newEventId(atMs)).throw(RangeError);
  });
});
