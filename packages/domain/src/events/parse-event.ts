import type { z } from 'zod';
import { eventCatalogue, isEventType, type EventType } from './catalogue.ts';
import { eventIdFor, eventTimeMs, isEventTime, isUuidV7 } from './event-id.ts';
import { keyPath } from './key-path.ts';
import { createPiiGuard, createTextGuard } from './pii-guard.ts';
import { contentFaultOf, isPlainObject, isStorableText } from './text-rules.ts';
import type { ContentFaultReason, NameSearch } from './text-rules.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** A sound event: ids in lower case, its time taken from its id, its properties as they are stored. */
export type ParsedEvent = {
  readonly eventId: string;
  readonly occurredAtMs: number;
  /** Set only where the sender named a learner; whether it may is not decided here. */
  readonly userId: string | null;
  readonly eventType: EventType;
  /** As on the wire: it must not be stored in this form. */
  readonly sessionId: string;
  readonly timezone: string | null;
  readonly materialId: string | null;
  readonly chunkId: string | null;
  readonly questionId: string | null;
  readonly topicId: string | null;
  /** Of a custom event with its `name` among them: no property can have that key. */
  readonly properties: JsonObject;
};

export type RefusedEvent = {
  readonly ok: false;
  readonly eventId: string | null;
  readonly eventType: EventType | null;
  readonly reason: ContentFaultReason;
  /** Keys joined by dots, `''` for the item itself; never a value. */
  readonly path: string;
};

export type ParseEventResult = { readonly ok: true; readonly event: ParsedEvent } | RefusedEvent;

type Item = Readonly<Record<string, unknown>>;

/** What every schema of the catalogue gives, seen as one type: which ids there are depends on the event's type. */
type SoundItem = {
  readonly eventId?: string | undefined;
  readonly occurredAt?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly userId?: string | undefined;
  readonly sessionId: string;
  readonly timezone?: string | undefined;
  readonly materialId?: string | undefined;
  readonly chunkId?: string | undefined;
  readonly questionId?: string | undefined;
  readonly topicId?: string | undefined;
  readonly name?: string | undefined;
  readonly properties: JsonObject;
};

const schemaOf = (eventType: EventType): z.ZodType<SoundItem> => eventCatalogue[eventType].schema;

type Identity = { readonly eventId: string; readonly occurredAtMs: number };

/** The event's id and time, or the key that is missing, too much or out of range. */
function identityOf(item: Item): Identity | { readonly key: string } {
  const { eventId, occurredAt, sourceId } = item;
  if (eventId !== undefined) {
    if (occurredAt !== undefined) return { key: 'occurredAt' };
    if (sourceId !== undefined) return { key: 'sourceId' };
    if (typeof eventId !== 'string' || !isUuidV7(eventId)) return { key: 'eventId' };
    const occurredAtMs = eventTimeMs(eventId);
    return isEventTime(occurredAtMs) ? { eventId: eventId.toLowerCase(), occurredAtMs } : { key: 'eventId' };
  }
  if (occurredAt === undefined) return { key: sourceId === undefined ? 'eventId' : 'occurredAt' };
  if (typeof sourceId !== 'string' || sourceId === '' || !isStorableText(sourceId)) return { key: 'sourceId' };
  const occurredAtMs = typeof occurredAt === 'string' ? Date.parse(occurredAt) : Number.NaN;
  return isEventTime(occurredAtMs)
    ? { eventId: eventIdFor(occurredAtMs, sourceId), occurredAtMs }
    : { key: 'occurredAt' };
}

type Fault = { readonly reason: ContentFaultReason; readonly keys: readonly PropertyKey[] };

const invalid = (keys: readonly PropertyKey[]): Fault => ({ reason: 'invalid', keys });
const personal = (key: string): Fault => ({ reason: 'pii', keys: [key] });

function refusal(item: Item, { reason, keys }: Fault, names: NameSearch | null): RefusedEvent {
  const identity = identityOf(item);
  return {
    ok: false,
    eventId: 'eventId' in identity ? identity.eventId : null,
    eventType: isEventType(item['eventType']) ? item['eventType'] : null,
    reason,
    path: keyPath(keys, names),
  };
}

/** Where the schema's first complaint points; an unknown key is named, not only its object. */
function keysOf(issue: z.core.$ZodIssue | undefined): readonly PropertyKey[] {
  if (issue === undefined) return [];
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

const contextKeys = ['materialId', 'chunkId', 'questionId', 'topicId'] as const;

/** A session's id in the place of another would be stored as it is on the wire. Schemas have made all ids lower case. */
function isOwnId(item: SoundItem, key: (typeof contextKeys)[number]): boolean {
  return item[key] !== undefined && item[key] === item.sessionId;
}

function guardOf({ eventType, sessionId, userId }: Item, names: NameSearch | null) {
  const ids = [sessionId, userId].filter((id) => typeof id === 'string').filter((id) => id.length >= 32);
  return eventType === 'custom' ? createPiiGuard({ ids, names }) : createTextGuard({ ids, names });
}

function toParsedEvent(eventType: EventType, identity: Identity, item: SoundItem): ParsedEvent {
  const { name, properties } = item;
  return {
    eventId: identity.eventId,
    occurredAtMs: identity.occurredAtMs,
    userId: item.userId ?? null,
    eventType,
    sessionId: item.sessionId,
    timezone: item.timezone ?? null,
    materialId: item.materialId ?? null,
    chunkId: item.chunkId ?? null,
    questionId: item.questionId ?? null,
    topicId: item.topicId ?? null,
    properties: name === undefined ? properties : { ...properties, name },
  };
}

/**
 * Checks one item of a batch: limits on content, personal data in its properties, the schema of its type, its id.
 *
 * `names`: those of the caller, where they are known. Never throws on data, whatever it holds. A refusal names the first fault's
 * place and never a value. Pure: skew and age of the event are the caller's to judge.
 */
export function parseEvent(input: unknown, names: NameSearch | null = null): ParseEventResult {
  if (!isPlainObject(input)) return refusal({}, invalid([]), null);
  const checked = checkItem(input, names);
  return 'keys' in checked ? refusal(input, checked, names) : { ok: true, event: checked };
}

function checkItem(input: Item, names: NameSearch | null): ParsedEvent | Fault {
  const { eventType } = input;
  const fault = contentFaultOf(input, guardOf(input, names));
  if (fault !== null) return fault;
  if (!isEventType(eventType)) return invalid(['eventType']);
  const parsed = schemaOf(eventType).safeParse(input);
  if (!parsed.success) return invalid(keysOf(parsed.error.issues[0]));
  const misused = contextKeys.find((key) => isOwnId(parsed.data, key));
  if (misused !== undefined) return personal(misused);
  if (parsed.data.name !== undefined && names?.isInCode(parsed.data.name) === true) return personal('name');
  const identity = identityOf(parsed.data);
  return 'key' in identity ? invalid([identity.key]) : toParsedEvent(eventType, identity, parsed.data);
}
