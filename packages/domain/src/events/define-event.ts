import { z } from 'zod';
import { commonFields } from './fields.ts';

/**
 * One type of the catalogue: when to send it, and the strict schema of its item on the wire.
 *
 * `fields`: what it has beside the common fields, that is the ids that apply, and `properties`.
 */
export function defineEvent<Type extends string, Fields extends z.core.$ZodLooseShape>(
  eventType: Type,
  definition: { readonly when: string; readonly fields: Fields },
) {
  const schema = z.strictObject({ eventType: z.literal(eventType), ...commonFields, ...definition.fields });
  return { when: definition.when, schema } as const;
}
