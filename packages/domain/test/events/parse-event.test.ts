import { expect } from 'chai';
import fc from 'fast-check';
import { eventIdFor, eventTypes, parseEvent } from '../../src/events/index.ts';
import { attemptItem, customItem, eventId, leastOf, questionId, sessionId, topicId } from './items.ts';

const refused = (input: unknown) => {
  const result = parseEvent(input);
  return result.ok ? 'accepted' : `${result.reason} ${result.path}`;
};

describe('parseEvent', () => {
  it('gives an event with its time taken from its id and null for what was not sent', () => {
    expect(parseEvent(attemptItem())).to.deep.equal({
      ok: true,
      event: {
        eventId,
        occurredAtMs: 0x01930c4e8a00,
        userId: null,
        eventType: 'question_attempt',
        sessionId,
        timezone: 'Europe/Berlin',
        materialId: null,
        chunkId: null,
        questionId,
        topicId,
        properties: { selectedAnswer: 'A', correctAnswer: 'B', timeToAnswerSeconds: 45, confidenceLevel: 3 },
      },
    });
  });

  it('gives ids in lower case', () => {
    const upper = attemptItem({
      eventId: eventId.toUpperCase(),
      sessionId: sessionId.toUpperCase(),
      userId: topicId.toUpperCase().replace('3', 'A'),
    });
    const result = parseEvent(upper);
    expect(result).to.have.nested.property('event.eventId', eventId);
    expect(result).to.have.nested.property('event.sessionId', sessionId);
    expect(result).to.have.nested.property('event.userId', topicId.replace('3', 'a'));
  });

  it('takes absent properties as none', () => {
    const result = parseEvent({ eventType: 'session_end', eventId, sessionId });
    expect(result).to.deep.nested.property('event.properties', {});
  });

  it('keeps the name of a custom event among its stored properties', () => {
    const result = parseEvent(customItem({ cards: 12, deck: 'renal-1', shared: true, note: null }));
    const stored = { name: 'deck_shared', cards: 12, deck: 'renal-1', shared: true, note: null };
    expect(result).to.deep.nested.property('event.properties', stored);
  });

  it('names the type and the id of a refused item where they are sound', () => {
    expect(parseEvent(attemptItem({ topicId: 'x' }))).to.deep.equal({
      ok: false,
      eventId,
      eventType: 'question_attempt',
      reason: 'invalid',
      path: 'topicId',
    });
    const nothing = { ok: false, eventId: null, eventType: null, reason: 'invalid' };
    expect(parseEvent({ eventType: 'nope', eventId: 'nope' })).to.deep.equal({ ...nothing, path: 'eventType' });
    for (const input of [null, undefined, 1, 'text', [], [attemptItem()], new Map(), new Date(0)]) {
      expect(parseEvent(input)).to.deep.equal({ ...nothing, path: '' });
    }
  });

  it('refuses values out of bounds with their path', () => {
    const cases: readonly (readonly [unknown, string])[] = [
      [attemptItem({}, { timeToAnswerSeconds: -1 }), 'properties.timeToAnswerSeconds'],
      [attemptItem({}, { timeToAnswerSeconds: 86_401 }), 'properties.timeToAnswerSeconds'],
      [attemptItem({}, { timeToAnswerSeconds: '45' }), 'properties.timeToAnswerSeconds'],
      [attemptItem({}, { confidenceLevel: 0 }), 'properties.confidenceLevel'],
      [attemptItem({}, { confidenceLevel: 2.5 }), 'properties.confidenceLevel'],
      [attemptItem({}, { questionVersion: 2_147_483_648 }), 'properties.questionVersion'],
      [attemptItem({}, { questionVersion: 2 ** 53 + 1 }), 'properties.questionVersion'],
      [attemptItem({}, { selectedAnswer: '' }), 'properties.selectedAnswer'],
      [attemptItem({}, { selectedAnswer: ['A'] }), 'properties.selectedAnswer'],
      [attemptItem({}, { selectedAnswer: 'Wilhelmina Canaryfinch' }), 'properties.selectedAnswer'],
      [attemptItem({}, { selectedAnswer: 'A\u00a0B' }), 'properties.selectedAnswer'],
      [attemptItem({}, { selectedAnswer: 'A\n' }), 'properties.selectedAnswer'],
      [attemptItem({}, { selectedAnswer: 'A'.repeat(65) }), 'properties.selectedAnswer'],
      [attemptItem({}, { correctAnswer: 'the right one' }), 'properties.correctAnswer'],
      [attemptItem({ properties: [] }), 'properties'],
      [attemptItem({ topicId: null }), 'topicId'],
      [attemptItem({ sessionId: 'abc' }), 'sessionId'],
      [{ ...attemptItem(), properties: { selectedAnswer: 'A' } }, 'properties.timeToAnswerSeconds'],
      [{ eventType: 'xp_earned', eventId, sessionId, properties: { amount: 2 ** 31 } }, 'properties.amount'],
      [
        {
          eventType: 'quiz_complete',
          eventId,
          sessionId,
          properties: { questionsAttempted: 3, questionsCorrect: 4 },
        },
        'properties.questionsCorrect',
      ],
    ];
    for (const [input, path] of cases) expect(refused(input)).to.equal(`invalid ${path}`);
  });

  it('refuses what is no JSON value, wherever superjson may deliver it', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const strange = [NaN, Infinity, -Infinity, 1n, new Date(0), new Map(), new Set(), /x/, Symbol('x')];
    for (const value of [...strange, () => 1, new Error('x'), cyclic, new Uint8Array(1), new URL('http://x')]) {
      expect(refused(attemptItem({}, { timeToAnswerSeconds: value }))).to.match(/^invalid properties\.timeToAnswer/);
      expect(refused(attemptItem({ topicId: value }))).to.match(/^invalid topicId/);
      expect(refused(customItem({ cards: value }))).to.match(/^invalid properties\.cards/);
      expect(refused(attemptItem({ properties: value }))).to.match(/^invalid properties/);
    }
  });

  it('refuses text that cannot be stored, in values and in keys', () => {
    for (const text of ['a\u0000b', '\ud800', 'x\udc00y']) {
      expect(refused(attemptItem({}, { selectedAnswer: text }))).to.equal('invalid_text properties.selectedAnswer');
      expect(refused(attemptItem({ sourceId: text }))).to.equal('invalid_text sourceId');
      expect(refused(attemptItem({ eventType: text }))).to.equal('invalid_text eventType');
      expect(refused(customItem({ deck: text }))).to.equal('invalid_text properties.deck');
      expect(refused(customItem({ [text]: 1 }))).to.equal('invalid_text properties.*');
      expect(refused({ ...attemptItem(), [text]: 1 })).to.equal('invalid_text *');
    }
    expect(refused(customItem({ deck: 'Nephrologie 🫘 日本' }))).to.equal('accepted');
  });

  it('refuses keys that reach a prototype', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const properties: unknown = JSON.parse(`{ "${key}": 1 }`);
      const path = key === '__proto__' ? '*' : key;
      expect(refused(customItem(properties))).to.equal(`invalid properties.${path}`);
      expect(refused(JSON.parse(`{ "${key}": {}, "eventType": "session_end" }`))).to.equal(`invalid ${path}`);
    }
  });

  it('refuses depth without overflowing the stack', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 2_000; level += 1) deep = level % 2 === 0 ? { a: deep } : [deep];
    expect(refused(customItem({ deep }))).to.match(/^invalid properties\.deep/);
    expect(refused(deep)).to.match(/^invalid/);
  });

  it('never shows what a sender put into a key', () => {
    for (const key of ['jane@example.org', 'a'.repeat(65), 'two words', sessionId, '4155550100', 'ключ', '']) {
      expect(refused({ ...attemptItem(), [key]: 1 })).to.equal('invalid *');
    }
  });

  it('holds custom properties to their limits', () => {
    const many = (n: number, value: unknown) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, value]));
    expect(refused(customItem(many(50, 1)))).to.equal('accepted');
    expect(refused(customItem(many(51, 1)))).to.equal('invalid properties');
    expect(refused(customItem({ ['k'.repeat(64)]: 1 }))).to.equal('accepted');
    expect(refused(customItem({ ['k'.repeat(65)]: 1 }))).to.equal('invalid properties.*');
    expect(refused(customItem({ '': 1 }))).to.equal('invalid properties.*');
    expect(refused(customItem({ text: 'x'.repeat(1024) }))).to.equal('accepted');
    expect(refused(customItem({ text: 'x'.repeat(1025) }))).to.equal('invalid properties.text');
    expect(refused(customItem({ text: 'ä'.repeat(513) }))).to.equal('invalid properties.text');
    expect(refused(customItem(many(8, 'x'.repeat(1000))))).to.equal('accepted');
    expect(refused(customItem(many(9, 'x'.repeat(1000))))).to.equal('invalid properties');
    for (const nested of [{}, [], { a: 1 }, [1]]) {
      expect(refused(customItem({ nested }))).to.equal('invalid properties.nested');
    }
    for (const large of [2 ** 53 + 1, 1e300, -(2 ** 31)]) {
      expect(refused(customItem({ large }))).to.equal('invalid properties.large');
    }
    expect(refused(customItem({}, { name: 'Deck shared' }))).to.equal('invalid name');
  });

  it('accepts only zones of the IANA database', () => {
    for (const timezone of ['UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv', 'US/Eastern', 'Etc/GMT+12']) {
      expect(refused(attemptItem({ timezone }))).to.equal('accepted');
    }
    for (const timezone of ['', 'Mars/Olympus', '+02:00', 'europe/berlin', 'Local', 'Factory', '../etc/passwd']) {
      expect(refused(attemptItem({ timezone }))).to.equal('invalid timezone');
    }
  });

  it('never throws, whatever it is given', () => {
    const keys = fc.constantFrom('eventType', 'eventId', 'properties', 'sessionId', 'occurredAt', 'sourceId', 'x');
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    const items = fc.tuple(fc.constantFrom(...eventTypes), fc.dictionary(keys, anything));
    fc.assert(
      fc.property(items, ([eventType, over]) => {
        const result = parseEvent({ eventType, eventId, sessionId, ...leastOf[eventType], ...over });
        expect(result.ok).to.be.a('boolean');
      }),
      { numRuns: 2_000 },
    );
    fc.assert(fc.property(anything, (value) => void parseEvent(value)));
  });

  it('gives of an accepted event what JSON can carry unchanged, and the same again for its own output', () => {
    const scalars = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), scalars), (properties) => {
        const first = parseEvent(customItem(properties));
        if (!first.ok) return;
        const { name, ...sent } = first.event.properties;
        const again = parseEvent(customItem(JSON.parse(JSON.stringify(sent)), { name }));
        expect(JSON.stringify(again)).to.equal(JSON.stringify(first));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the identity of an event', () => {
  const { eventId: _, ...bare } = attemptItem() as Record<string, unknown>;
  const occurredAt = '2024-11-08T12:00:00.123+02:00';
  const occurredAtMs = Date.UTC(2024, 10, 8, 10, 0, 0, 123);

  it('may be a time and a key of the sender, which give the same id each time', () => {
    const result = parseEvent({ ...bare, occurredAt, sourceId: 'row-7' });
    expect(result).to.have.nested.property('event.eventId', eventIdFor(occurredAtMs, 'row-7'));
    expect(result).to.have.nested.property('event.occurredAtMs', occurredAtMs);
    expect(parseEvent({ ...bare, occurredAt: '2024-11-08T10:00:00.123Z', sourceId: 'row-7' })).to.deep.equal(result);
    const late = parseEvent({ ...bare, occurredAt, sourceId: 'row-7', topicId: 'x' });
    expect(late).to.include({ ok: false, path: 'topicId', eventId: eventIdFor(occurredAtMs, 'row-7') });
  });

  it('is exactly one of the two forms', () => {
    expect(refused(bare)).to.equal('invalid eventId');
    expect(refused({ ...bare, eventId, occurredAt })).to.equal('invalid occurredAt');
    expect(refused({ ...bare, eventId, sourceId: 'row-7' })).to.equal('invalid sourceId');
    expect(refused({ ...bare, eventId, occurredAt, sourceId: 'row-7' })).to.equal('invalid occurredAt');
    expect(refused({ ...bare, occurredAt })).to.equal('invalid sourceId');
    expect(refused({ ...bare, sourceId: 'row-7' })).to.equal('invalid occurredAt');
  });

  it('lies in the years 2000 to 2100', () => {
    const withTime = (ms: number) => attemptItem({ eventId: eventIdFor(ms, 'x') });
    expect(refused(withTime(Date.UTC(2000, 0, 1)))).to.equal('accepted');
    expect(refused(withTime(Date.UTC(2000, 0, 1) - 1))).to.equal('invalid eventId');
    expect(refused(withTime(Date.UTC(2101, 0, 1) - 1))).to.equal('accepted');
    expect(refused(withTime(Date.UTC(2101, 0, 1)))).to.equal('invalid eventId');
    const impossible = ['now', 'infinity', '+275760-09-13T00:00:00Z', '1999-12-31T23:59:59Z', '2101-01-01T00:00:00Z'];
    for (const time of [...impossible, '2023-02-29T00:00:00Z', '2024-11-08', '2024-11-08T10:00:00', '']) {
      expect(refused({ ...bare, occurredAt: time, sourceId: 'x' }), time).to.equal('invalid occurredAt');
    }
  });

  it('is a UUID of version 7', () => {
    for (const id of [sessionId, 'x', eventId.slice(0, -1), `{${eventId}}`, 7]) {
      expect(refused(attemptItem({ eventId: id }))).to.equal('invalid eventId');
    }
  });
});
