// The closed catalogue of events, by family.
import type { z } from 'zod';
import { coachEvents } from './coach-events.ts';
import { customEvents } from './custom-events.ts';
import { discoveryEvents } from './discovery-events.ts';
import { gameEvents } from './game-events.ts';
import { materialEvents } from './material-events.ts';
import { questionEvents } from './question-events.ts';
import { sessionEvents } from './session-events.ts';

export const eventFamilies = [
  { title: 'Session', events: sessionEvents },
  { title: 'Material', events: materialEvents },
  { title: 'Question', events: questionEvents },
  { title: 'AI coach', events: coachEvents },
  { title: 'Game', events: gameEvents },
  { title: 'Discovery', events: discoveryEvents },
  { title: 'Custom', events: customEvents },
] as const;

/** Every type of event: when to send it, and the strict schema of its item on the wire. */
export const eventCatalogue = {
  ...sessionEvents,
  ...materialEvents,
  ...questionEvents,
  ...coachEvents,
  ...gameEvents,
  ...discoveryEvents,
  ...customEvents,
};

export type EventType = keyof typeof eventCatalogue;

// The keys of a literal: `Object.keys` types them as strings.
export const eventTypes = Object.keys(eventCatalogue) as readonly EventType[];

/** Whether the value is one of the catalogue's types. */
export function isEventType(value: unknown): value is EventType {
  return typeof value === 'string' && Object.hasOwn(eventCatalogue, value);
}

type WireEvent<Type extends EventType> = z.input<(typeof eventCatalogue)[Type]['schema']>;

/** The two ways to say which event it is and when it happened; exactly one of them. */
export type EventIdentity =
  | { readonly eventId: string; readonly occurredAt?: never; readonly sourceId?: never }
  | { readonly eventId?: never; readonly occurredAt: string; readonly sourceId: string };

/** An item of one type, as a caller sends it. */
export type EventInputOf<Type extends EventType> = Type extends EventType
  ? Readonly<Omit<WireEvent<Type>, keyof EventIdentity>> & EventIdentity
  : never;

/** An item of any type, as a caller sends it. */
export type EventInput = EventInputOf<EventType>;

/** The properties of one type, as a caller sends them. */
export type PropertiesOf<Type extends EventType> = NonNullable<WireEvent<Type>['properties']>;
