import { expect } from 'chai';
import fc from 'fast-check';
import superjson from 'superjson';
import { bytesToSend, formToSend, keepText } from '../../src/kept-text.ts';
import { resultText } from '../../src/transport/write-answer.ts';

const official = (data: unknown): string => JSON.stringify({ result: { data: superjson.serialize(data) } });

/** superjson refuses some keys. */
const textOrError = (write: (data: unknown) => string | Buffer, data: unknown): string | Buffer => {
  try {
    return write(data);
  } catch (error) {
    return (error as Error).name;
  }
};

describe('the text of an answer', () => {
  it('is what superjson makes of it, whatever it holds', () => {
    const values = fc.anything({
      withDate: true,
      withMap: true,
      withSet: true,
      withBigInt: true,
      withNullPrototype: true,
      withSparseArray: true,
    });
    fc.assert(
      fc.property(values, (data) => textOrError(resultText, data) === textOrError(official, data)),
      { numRuns: 2_000 },
    );
  });

  it('is what superjson makes of values that are awkward to it', () => {
    const shared = { a: 1 };
    const values = [
      undefined,
      null,
      -0,
      Number.NaN,
      new Date(0),
      new Error('x'),
      [undefined],
      { a: undefined },
      { a: shared, b: shared },
      { a: [], b: [] },
      { 'a.b': new Date(1) },
      '\ud800',
      new URL('http://127.0.0.1/'),
      Object.create({ inherited: 1 }),
    ];
    for (const data of values) expect(resultText(data)).to.equal(official(data));
  });

  it('refuses the keys that superjson refuses', () => {
    for (const key of ['constructor', 'prototype']) {
      expect(() => resultText({ [key]: 1 })).to.throw();
      expect(() => official({ [key]: 1 })).to.throw();
    }
  });

  it('is the one an answer carries, which nothing else sees', () => {
    const answer = keepText({ days: ['2026-01-01'], minutes: [1.5], none: null });
    expect(resultText(answer)).to.equal(official({ days: ['2026-01-01'], minutes: [1.5], none: null }));
    expect(Object.keys(answer)).to.deep.equal(['days', 'minutes', 'none']);
    expect(formToSend(structuredClone(answer))).to.equal(undefined);
    expect([formToSend(null), formToSend('text'), formToSend({})]).to.deep.equal([undefined, undefined, undefined]);
  });

  it('is text for the first who reads a carried answer, and the same bytes for all others', () => {
    const content = { name: 'Entzündung – 炎症', accuracy: 0.5 };
    const answer = keepText({ ...content });
    expect(bytesToSend(answer)).to.equal(Buffer.byteLength(official(content)));
    const [first, second, third] = [resultText(answer), resultText(answer), resultText(answer)];
    expect(first).to.equal(official(content));
    expect(second).to.deep.equal(Buffer.from(official(content)));
    expect(third).to.equal(second);
    expect(bytesToSend(answer)).to.equal(Buffer.byteLength(official(content)));
  });
});
