import { newEventId } from '@studyin/client';
import type { EventInput } from '@studyin/client';

const sessionId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const startMs = Date.now() - 86_400_000;

/** So many events a second apart, the first a day ago. */
export function eventsFor(count: number, eventOf: (n: number) => EventInput = smallEvent): readonly EventInput[] {
  return Array.from({ length: count }, (_, n) => eventOf(n));
}

export function smallEvent(n: number): EventInput {
  return { eventType: 'xp_earned', eventId: newEventId(startMs + n * 1000), sessionId, properties: { amount: n % 50 } };
}

/** About 1,200 bytes on the wire. */
export function wideEvent(n: number): EventInput {
  const text = `${n}`.padStart(1000, '.');
  return {
    eventType: 'custom',
    eventId: newEventId(startMs + n * 1000),
    sessionId,
    name: 'wide',
    properties: { text },
  };
}
