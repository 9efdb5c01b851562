// The building blocks of the catalogue: what a property may be, and the fields that every event carries.
import { z } from 'zod';
import { uuidPattern, uuidV7Pattern } from './event-id.ts';
import { isTimezone } from './timezone.ts';

/** An id in lower case; any UUID, of whatever version the sender's system makes. */
export const uuid = () => z.string().regex(uuidPattern).toLowerCase();

/** The short key of a thing in the sender's system: letters, digits and `_ . : -`, at most 64. */
export const slug = () => z.string().regex(/^[a-z0-9][\w.:-]{0,63}$/i);

export const withoutSpace = /^\S*$/;

/** A count of things: within int32. */
export const count = (max = 2_147_483_647) => z.int().min(0).max(max);

/** A length of time within one day, fractions allowed. */
export const seconds = () => z.number().min(0).max(86_400);

/** The length of a text in characters: the text itself is never sent. */
export const textLength = () => count(1_000_000);

/** The properties of a type that has none. */
export const noProperties = () => z.strictObject({}).default({});

/** What every type carries; exactly one of `eventId` and `occurredAt` with `sourceId` (checked by `parseEvent`). */
export const commonFields = {
  eventId: z.string().regex(uuidV7Pattern).toLowerCase().optional().describe('UUIDv7; its time is the event’s time.'),
  occurredAt: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('ISO 8601 with an offset, years 2000–2100; with `sourceId` instead of `eventId`.'),
  sourceId: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('The event’s key in the sender’s system; with `occurredAt` it decides the id, and is not stored.'),
  userId: uuid().optional().describe('The learner; only a service names one.'),
  sessionId: uuid().describe('A UUID that the client made for this session; stored only as a keyed hash.'),
  timezone: z
    .string()
    .refine(isTimezone)
    .optional()
    .describe('The learner’s IANA zone, for example `Europe/Berlin`; it decides the study day.'),
};

const ids = {
  materialId: uuid().describe('The material.'),
  chunkId: uuid().describe('The part of the material.'),
  questionId: uuid().describe('The question.'),
  topicId: uuid().describe('The topic.'),
};

export const { materialId, chunkId, questionId, topicId } = ids;

/** Where in the curriculum something happened, as far as the sender knows. */
export const contextIds = {
  materialId: materialId.optional(),
  chunkId: chunkId.optional(),
  questionId: questionId.optional(),
  topicId: topicId.optional(),
};
