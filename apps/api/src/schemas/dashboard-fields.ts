// What inputs and outputs of dashboards are made of.
import { z } from 'zod';

// Any UUID: ids of sessions are keyed hashes and carry no version.
export const id = z.guid();
/** The same in lower case, as the database writes it: one key in the cache. */
export const inputId = id.toLowerCase();
/** 'YYYY-MM-DD'. */
export const day = z.iso.date();
/** ISO 8601 in UTC. */
export const instant = z.iso.datetime();
export const count = z.int().min(0);
export const amount = z.number().min(0);
export const share = z.number().min(0).max(1);
export const cursor = z.string().max(300);

export const column = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

export const ofLearner = { userId: inputId.optional() };
/** Sorted and without repetition, so that the same question has one key in the cache. */
export const inputIds = z
  .array(inputId)
  .min(1)
  .max(200)
  .overwrite((ids) => [...new Set(ids)].sort());
export const days = z.int().min(1).max(366);
export const limit = z.int().min(1).max(200);
export const ofPage = { limit: limit.default(50), cursor: cursor.nullish() };

export const evidence = z.enum(['none', 'not_enough_data', 'enough']);
export const trend = z.enum(['improving', 'stable', 'declining', 'unknown']);
/** How dark a day of the calendar is. */
export const level = z.literal([0, 1, 2, 3, 4]);
