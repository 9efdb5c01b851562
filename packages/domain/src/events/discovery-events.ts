import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { contextIds, count, noProperties, topicId } from './fields.ts';

export const discoveryEvents = {
  search_performed: defineEvent('search_performed', {
    when: 'A search has answered. The query is never sent.',
    fields: {
      properties: z.strictObject({
        resultCount: count().describe('Number of results.'),
        resultKind: z
          .enum(['all', 'topic', 'material', 'question'])
          .optional()
          .describe('Kind of content that was searched.'),
      }),
    },
  }),
  topic_explored: defineEvent('topic_explored', {
    when: 'The page of a topic is opened.',
    fields: { topicId, properties: noProperties() },
  }),
  related_content_clicked: defineEvent('related_content_clicked', {
    when: 'The learner follows a suggestion of related content. The ids say where it leads.',
    fields: {
      ...contextIds,
      properties: z
        .strictObject({
          position: count(10_000).optional().describe('Its place in the list, the first is 0.'),
        })
        .default({}),
    },
  }),
};
