// Inputs and outputs of cohorts.*: groups of learners and those who teach them.
import { isGroupName } from '@studyin/domain/events';
import { z } from 'zod';
import { column, count, id, inputId, limit, ofPage } from './dashboard-fields.ts';

const cohort = { cohortId: inputId };
const role = z.enum(['learner', 'instructor']);
/** The group's, not a person's. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine(isGroupName, { error: 'must name a group and hold no personal data' });

export const listInput = z.strictObject(ofPage).default({ limit: 50 });
export const listOutput = z.strictObject({
  cohorts: column(z.strictObject({ cohortId: id, name: z.string(), members: count })),
  nextCursor: z.string().nullable(),
});

export const saveInput = z.strictObject({ ...cohort, name });
export const saveOutput = z.strictObject({ cohortId: id, name: z.string() });

export const removeInput = z.strictObject(cohort);
export const removeOutput = z.strictObject({ removed: z.boolean() });

export const membersInput = z.strictObject({ ...cohort, limit: limit.default(50), cursor: inputId.nullish() });
export const membersOutput = z.strictObject({
  members: column(z.strictObject({ userId: id, role })),
  nextCursor: id.nullable(),
});

export const addMembersInput = z.strictObject({
  ...cohort,
  members: z
    .array(z.strictObject({ userId: inputId, role }))
    .min(1)
    .max(500),
});
export const addMembersOutput = z.strictObject({ erased: column(id) });

export const removeMembersInput = z.strictObject({ ...cohort, userIds: z.array(inputId).min(1).max(500) });
export const removeMembersOutput = z.strictObject({ removed: count });
