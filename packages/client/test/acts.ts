import { newEventId } from '@studyin/client';
import type { TrackedEvent, WaitingAct } from '@studyin/client';

const sessionId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';

export function namedEvent(name: string): TrackedEvent {
  return { eventType: 'custom', sessionId, name };
}

/** An act as it waits, without an id. */
export function waitingAct(name: string, changes: Partial<WaitingAct> = {}): WaitingAct {
  const capturedAtMs = Date.now();
  return {
    key: newEventId(capturedAtMs),
    capturedAtMs,
    event: namedEvent(name),
    eventId: null,
    isReminted: false,
    ...changes,
  };
}

/** When an event happened, as its id says. */
export function timeOf(eventId: string | null | undefined): number {
  return parseInt((eventId ?? '').replace('-', '').slice(0, 12), 16);
}
