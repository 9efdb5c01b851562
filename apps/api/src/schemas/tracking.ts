// Inputs and outputs of tracking.*. An item is checked by its own schema in the domain, so that a bad one fails alone; here
// stands only its type. What the flat calls take is checked by the same schema after they are turned into items.
import { deviceTypes, isPlainObject, rejectReasons } from '@studyin/domain/events';
import type { EventInput } from '@studyin/domain/events';
import { z } from 'zod';

export const MAX_ITEMS = 500;

const wireId = z.guid().toLowerCase();

// Written out for the declaration file, member by member: the name of the domain's type would be an import that clients lack.
type Expand<Union> = Union extends unknown ? { [Key in keyof Union]: Union[Key] } : never;
type Item = Expand<EventInput>;

/** Any value may stand in a batch; what is no item is rejected by itself. */
export const eventsInput = z.strictObject({
  events: z
    .array(z.custom<Item>(() => true))
    .min(1)
    .max(MAX_ITEMS),
});

export const eventsOutput = z.strictObject({
  results: z.array(
    z.strictObject({
      eventId: z.string().nullable(),
      status: z.enum(['accepted', 'duplicate', 'conflict', 'rejected']),
      reason: z.enum(rejectReasons).optional(),
      path: z.string().optional(),
      note: z.enum(['conflict_with_key']).optional(),
    }),
  ),
  serverTime: z.string(),
});

// Whose event it is decides who may send it, before the item is looked at.
export const eventInput = z
  .custom<Item>(isPlainObject)
  .refine(({ userId }: { readonly userId?: unknown }) => userId === undefined || typeof userId === 'string', {
    path: ['userId'],
  });

const stored = {
  eventId: z.string(),
  status: z.enum(['accepted', 'duplicate']),
};

export const eventOutput = z.strictObject({ ...stored, note: z.enum(['conflict_with_key']).optional() });
export const storedOutput = z.strictObject(stored);

// What the flat calls have in common.
const base = {
  eventId: z.uuid({ version: 'v7' }).toLowerCase(),
  sessionId: wireId,
  timezone: z.string().optional(),
  userId: wireId.optional(),
};

export const questionAttemptInput = z.strictObject({
  ...base,
  questionId: wireId,
  topicId: wireId.optional(),
  selectedAnswer: z.string(),
  correctAnswer: z.string().optional(),
  isCorrect: z.boolean().optional(),
  questionVersion: z.number().optional(),
  timeToAnswerSeconds: z.number(),
  confidenceLevel: z.number().optional(),
  hintUsed: z.boolean().optional(),
  explanationViewed: z.boolean().optional(),
});

export const questionAttemptOutput = z.strictObject({
  ...stored,
  isCorrect: z.boolean(),
  attemptNumber: z.int(),
  note: z.enum(['conflict_with_key']).optional(),
});

export const materialInteractionInput = z.strictObject({
  ...base,
  materialId: wireId,
  chunkId: wireId.optional(),
  topicId: wireId.optional(),
  durationSeconds: z.number(),
  scrollDepthPercent: z.number().optional(),
});

export const sessionStartInput = z.strictObject({ ...base, deviceType: z.enum(deviceTypes).optional() });
export const sessionStartOutput = z.strictObject({ ...stored, sessionId: z.string() });
export const sessionInput = z.strictObject(base);
