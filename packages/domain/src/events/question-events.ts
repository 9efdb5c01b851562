import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { count, noProperties, questionId, seconds, topicId, uuid, withoutSpace } from './fields.ts';

/** A key without space within: what a person writes has some. */
const answer = () => z.string().min(1).max(64).regex(withoutSpace);
const quizId = () => uuid().optional().describe('The quiz.');

export const questionEvents = {
  question_view: defineEvent('question_view', {
    when: 'A question is shown.',
    fields: { questionId, topicId: topicId.optional(), properties: noProperties() },
  }),
  question_attempt: defineEvent('question_attempt', {
    when: 'The learner commits to an answer; each further try is an event of its own.',
    fields: {
      questionId,
      topicId: topicId.optional().describe('The topic; needed where the service does not know the question.'),
      properties: z.strictObject({
        selectedAnswer: answer().describe('Key of the option chosen, for example `B`; never a text that was typed.'),
        correctAnswer: answer().optional().describe('Key of the right option, where the service has no key.'),
        isCorrect: z.boolean().optional().describe('The caller’s verdict, where neither side has the right option.'),
        questionVersion: count().optional().describe('Version of the question that was shown.'),
        timeToAnswerSeconds: seconds().describe('From showing the question to the answer, in seconds.'),
        confidenceLevel: z.int().min(1).max(5).optional().describe('How sure the learner was: 1 guess, 5 certain.'),
        hintUsed: z.boolean().optional().describe('Whether a hint was shown before the answer.'),
        explanationViewed: z.boolean().optional().describe('Whether the explanation was read.'),
      }),
    },
  }),
  question_review: defineEvent('question_review', {
    when: 'The learner looks at a question they have answered, with its explanation.',
    fields: {
      questionId,
      topicId: topicId.optional(),
      properties: z
        .strictObject({
          durationSeconds: seconds().optional().describe('Time on it, in seconds.'),
        })
        .default({}),
    },
  }),
  quiz_start: defineEvent('quiz_start', {
    when: 'A set of questions is begun.',
    fields: {
      topicId: topicId.optional(),
      properties: z
        .strictObject({
          quizId: quizId(),
          questionCount: count(10_000).optional().describe('Number of questions in the set.'),
        })
        .default({}),
    },
  }),
  quiz_complete: defineEvent('quiz_complete', {
    when: 'The last question of a set is answered. Each answer is an event of its own; these numbers are not counted again.',
    fields: {
      topicId: topicId.optional(),
      properties: z
        .strictObject({
          quizId: quizId(),
          questionsAttempted: count(10_000).optional().describe('Questions answered.'),
          questionsCorrect: count(10_000).optional().describe('Of these, answered correctly.'),
          durationSeconds: seconds().optional().describe('Time from start to end, in seconds.'),
        })
        .refine(
          ({ questionsAttempted, questionsCorrect }) => (questionsCorrect ?? 0) <= (questionsAttempted ?? Infinity),
          { path: ['questionsCorrect'] },
        )
        .default({}),
    },
  }),
};
