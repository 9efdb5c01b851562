// Inputs and outputs of privacy.*: what a learner may ask about, and for, their own data.
import { isContactText, isStorableText } from '@studyin/domain/events';
import { z } from 'zod';
import { column, count, id, inputId, instant, ofPage } from './dashboard-fields.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** The access log is kept, so that it takes nobody's address. */
const reason = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .refine((text) => isStorableText(text) && !isContactText(text), { error: 'must hold no personal data' });

export const eraseInput = z.strictObject({ userId: inputId.optional(), reason: reason.optional() }).default({});

export const eraseOutput = z.strictObject({
  subject: hash,
  erasedAt: instant,
  finishedAt: instant,
  tables: column(z.strictObject({ table: z.string(), rows: count })),
  rows: count,
  hash,
});

export const accessLogInput = z.strictObject(ofPage).default({ limit: 50 });

export const accessLogOutput = z.strictObject({
  accesses: column(
    z.strictObject({
      at: instant,
      actorId: id,
      actorRole: z.string(),
      action: z.string(),
      reason: z.string().nullable(),
      requestId: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
