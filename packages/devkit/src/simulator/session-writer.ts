// One session as it happens: a clock that only moves on, and the events it has seen.
import { deterministicUuid, eventIdFor } from '@studyin/domain/events';
import type { EventInput } from '@studyin/domain/events';
import type { ExampleLearner } from './example-learner.ts';

type Common = 'eventId' | 'occurredAt' | 'sourceId' | 'userId' | 'sessionId' | 'timezone';
// Distributive, so that each type of the union keeps its own fields.
type OwnFields<Event> = Event extends unknown ? Omit<Event, Common> : never;

export type SessionWriter = {
  readonly events: readonly EventInput[];
  readonly nowMs: () => number;
  /** Lets time pass; seconds. */
  wait(seconds: number): void;
  /** Adds an event at this moment; after the last allowed moment nothing more is seen. */
  add(fields: OwnFields<EventInput>): void;
};

export type SessionStart = {
  /** Which of the learner's sessions it is. */
  readonly number: number;
  readonly startMs: number;
  /** No event at this instant or later. */
  readonly endMs: number;
};

export function writeSession(
  { userId, timezone }: ExampleLearner,
  { number, startMs, endMs }: SessionStart,
): SessionWriter {
  const sessionId = deterministicUuid('studyin:example-session', `${userId}/${number}`);
  const events: EventInput[] = [];
  let nowMs = startMs;
  return {
    events,
    nowMs: () => nowMs,
    wait: (seconds) => {
      nowMs += Math.max(1, Math.round(seconds * 1000));
    },
    add: (fields) => {
      if (nowMs >= endMs) return;
      const eventId = eventIdFor(nowMs, `${sessionId}/${events.length}`);
      events.push({ ...fields, eventId, userId, sessionId, timezone });
    },
  };
}
