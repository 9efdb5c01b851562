import { curriculumInput } from '@studyin/domain/services';
import { z } from 'zod';
import { column, count, id, inputId } from './dashboard-fields.ts';

const slug = z.string();
const weight = z.number().min(0).max(10);
const reference = z.strictObject({ id, slug, name: z.string() });

const topic = z.strictObject({
  id,
  parentId: id.nullable(),
  level: z.int().min(0).max(3),
  path: z.string(),
  slug,
  name: z.string(),
  description: z.string().nullable(),
  boardExamWeight: weight.nullable(),
  effectiveExamWeight: weight,
  difficultyLevel: z.int().min(1).max(5).nullable(),
  estimatedStudyHours: z.number().min(0).nullable(),
  materialsCount: count,
  questionsCount: count,
  blocksCount: count,
});

export const topicsInput = z.strictObject({}).optional();
export const topicsOutput = z.strictObject({ topics: column(topic) });

/** By id or by slug. */
export const topicInput = z.union([
  z.strictObject({ topicId: inputId }),
  z.strictObject({ slug: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/) }), // as an import takes it
]);

export const topicOutput = topic.extend({
  parent: reference.nullable(),
  children: column(reference),
  relationships: column(
    z.strictObject({
      relationshipType: z.enum(['prerequisite', 'related', 'complication', 'treatment']),
      direction: z.enum(['outgoing', 'incoming']),
      strength: z.number().min(0).max(1),
      topic: reference,
    }),
  ),
  materials: column(
    z.strictObject({ id, kind: z.string(), chunkCount: count, estimatedMinutes: z.number().min(0).nullable() }),
  ),
});

export const importInput = curriculumInput;

/** Rows inserted or changed. */
export const importOutput = z.strictObject({
  version: count,
  topics: count,
  relationships: count,
  questions: count,
  materials: count,
});
