import { expect } from 'chai';
import { eventCatalogue, eventTypes, isEventType, parseEvent } from '../../src/events/index.ts';
import type { EventInput } from '../../src/events/index.ts';
import { eventId, leastOf, questionId, sessionId } from './items.ts';

describe('the event catalogue', () => {
  it('has thirty types', () => {
    expect(eventTypes).to.have.length(30);
    expect([...eventTypes].sort()).to.deep.equal(Object.keys(leastOf).sort());
  });

  it('says of each type when to send it', () => {
    for (const eventType of eventTypes) expect(eventCatalogue[eventType].when, eventType).to.match(/\.$/);
  });

  it('knows its types and nothing of Object.prototype', () => {
    expect(isEventType('xp_earned')).to.equal(true);
    for (const other of ['toString', '__proto__', 'XP_EARNED', '', null, 1]) expect(isEventType(other)).to.equal(false);
  });

  for (const eventType of eventTypes) {
    describe(eventType, () => {
      const least = { eventType, eventId, sessionId, ...leastOf[eventType] };

      it('is accepted with what it needs, and no less', () => {
        expect(parseEvent(least)).to.have.property('ok', true);
        const properties = leastOf[eventType]?.['properties'] ?? {};
        for (const key of Object.keys(least).filter((k) => k !== 'eventType')) {
          const { [key]: _, ...rest } = least as Record<string, unknown>;
          expect(parseEvent(rest), key).to.include({ ok: false, reason: 'invalid', path: key });
        }
        for (const key of Object.keys(properties)) {
          const { [key]: _, ...rest } = properties as Record<string, unknown>;
          const result = parseEvent({ ...least, properties: rest });
          expect(result).to.include({ ok: false, reason: 'invalid', path: `properties.${key}` });
        }
      });

      it('refuses an unknown field and, unless it is custom, an unknown property', () => {
        expect(parseEvent({ ...least, extra: 1 })).to.include({ ok: false, reason: 'invalid', path: 'extra' });
        if (eventType === 'custom') return;
        const properties = { ...(leastOf[eventType]?.['properties'] as object | undefined), extra: 1 };
        const result = parseEvent({ ...least, properties });
        expect(result).to.include({ ok: false, reason: 'invalid', path: 'properties.extra' });
      });
    });
  }

  it('types an item by its event type', () => {
    const attempt: EventInput = {
      eventType: 'question_attempt',
      eventId,
      sessionId,
      questionId,
      properties: { selectedAnswer: 'A', timeToAnswerSeconds: 1 },
    };
    // @ts-expect-error timeToAnswerSeconds is missing
    const incomplete: EventInput = { ...attempt, properties: { selectedAnswer: 'A' } };
    // @ts-expect-error both forms of identity
    const twofold: EventInput = { ...attempt, occurredAt: '2024-11-08T10:00:00Z', sourceId: 'x' };
    expect([attempt, incomplete, twofold].map((item) => parseEvent(item).ok)).to.deep.equal([true, false, false]);
  });
});
