import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { contextIds } from './fields.ts';
import { maxKeyLength } from './text-rules.ts';

export const maxCustomKeys = 50;
export const maxCustomBytes = 8192;

const customNumber = z.number().refine((value) => !Number.isInteger(value) || Math.abs(value) <= 2_147_483_647);

const customProperties = z
  .record(z.string().min(1).max(maxKeyLength), z.union([z.string(), customNumber, z.boolean(), z.null()]))
  .refine((properties) => Object.keys(properties).length <= maxCustomKeys)
  .refine((properties) => Buffer.byteLength(JSON.stringify(properties)) <= maxCustomBytes);

export const customEvents = {
  custom: defineEvent('custom', {
    when: 'Something that the catalogue has no type for.',
    fields: {
      ...contextIds,
      name: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,63}$/)
        .describe('What happened, in snake_case, for example `deck_shared`.'),
      properties: customProperties.default({}).describe('Nothing nested, nothing personal; see the limits above.'),
    },
  }),
};
