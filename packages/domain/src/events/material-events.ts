import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { chunkId, materialId, noProperties, seconds, slug, textLength, topicId } from './fields.ts';

const place = { materialId, chunkId: chunkId.optional(), topicId: topicId.optional() };

export const materialEvents = {
  material_open: defineEvent('material_open', {
    when: 'A material is opened.',
    fields: {
      ...place,
      properties: z
        .strictObject({
          materialType: slug().optional().describe('Kind of material, for example `pdf` or `video`.'),
        })
        .default({}),
    },
  }),
  material_read: defineEvent('material_read', {
    when: 'Every 30 seconds while a material is read or watched, and once when it is left: one beat of reading.',
    fields: {
      ...place,
      properties: z.strictObject({
        durationSeconds: seconds().describe('Time read since the last beat, in seconds.'),
        scrollDepthPercent: z
          .number()
          .min(0)
          .max(100)
          .optional()
          .describe('Deepest point seen so far, in percent; from 90 on the material counts as complete.'),
      }),
    },
  }),
  material_complete: defineEvent('material_complete', {
    when: 'The learner reaches the end, or marks the material as done.',
    fields: { ...place, properties: noProperties() },
  }),
  material_bookmark: defineEvent('material_bookmark', {
    when: 'The learner bookmarks the material.',
    fields: { ...place, properties: noProperties() },
  }),
  material_highlight: defineEvent('material_highlight', {
    when: 'The learner highlights a passage.',
    fields: {
      ...place,
      properties: z
        .strictObject({
          highlightLength: textLength().optional().describe('Length of the passage in characters.'),
        })
        .default({}),
    },
  }),
  material_note: defineEvent('material_note', {
    when: 'The learner saves a note. The note itself is never sent.',
    fields: {
      ...place,
      properties: z
        .strictObject({
          noteLength: textLength().optional().describe('Length of the note in characters.'),
        })
        .default({}),
    },
  }),
};
