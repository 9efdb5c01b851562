import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { contextIds, count, textLength, uuid } from './fields.ts';

const conversationId = () => uuid().optional().describe('Ties the messages of one conversation together.');
const onlyConversation = () => z.strictObject({ conversationId: conversationId() }).default({});

export const coachEvents = {
  ai_question_asked: defineEvent('ai_question_asked', {
    when: 'The learner asks the AI coach. The text is never sent.',
    fields: {
      ...contextIds,
      properties: z
        .strictObject({
          conversationId: conversationId(),
          questionLength: textLength().optional().describe('Length of what was asked, in characters.'),
        })
        .default({}),
    },
  }),
  ai_response_received: defineEvent('ai_response_received', {
    when: 'The coach’s answer is shown in full.',
    fields: {
      ...contextIds,
      properties: z
        .strictObject({
          conversationId: conversationId(),
          responseLength: textLength().optional().describe('Length of the answer in characters.'),
          responseTimeMs: count(3_600_000).optional().describe('From asking to the whole answer, in milliseconds.'),
        })
        .default({}),
    },
  }),
  ai_feedback_positive: defineEvent('ai_feedback_positive', {
    when: 'The learner marks an answer of the coach as helpful.',
    fields: { ...contextIds, properties: onlyConversation() },
  }),
  ai_feedback_negative: defineEvent('ai_feedback_negative', {
    when: 'The learner marks an answer of the coach as not helpful.',
    fields: { ...contextIds, properties: onlyConversation() },
  }),
  ai_hint_requested: defineEvent('ai_hint_requested', {
    when: 'The learner asks for a hint.',
    fields: {
      ...contextIds,
      properties: z
        .strictObject({
          conversationId: conversationId(),
          hintLevel: z.int().min(1).max(10).optional().describe('1 is the faintest hint.'),
        })
        .default({}),
    },
  }),
  ai_explanation_requested: defineEvent('ai_explanation_requested', {
    when: 'The learner asks for an explanation.',
    fields: { ...contextIds, properties: onlyConversation() },
  }),
};
