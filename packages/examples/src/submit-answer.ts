import { randomBytes } from 'node:crypto';
import express from 'express';
import { newEventId } from '@studyin/domain/events';
import { trackQuestionAttempt } from '@studyin/domain/services';
import type { App } from '@studyin/domain/services';

type Question = { userId: string; questionId: string };
type Submission = { sessionId: string; topicId: string; answer: string; correctAnswer: string; seconds: number };

/** Your own endpoint: the answer, its event and your business data commit together, or not at all. */
export function questionRoutes(app: App): express.Router {
  const routes = express.Router().use(express.json());
  routes.post<Question, { isCorrect: boolean }, Submission>(
    '/learners/:userId/questions/:questionId/submit',
    async (request, response) => {
      const { userId, questionId } = request.params;
      const { sessionId, topicId, answer, correctAnswer, seconds } = request.body;
      const { attempt } = await app.database.transaction((tx) =>
        trackQuestionAttempt(app, tx, {
          userId,
          event: {
            eventType: 'question_attempt',
            eventId: newEventId(Date.now(), randomBytes(10)),
            sessionId,
            questionId,
            topicId,
            properties: { selectedAnswer: answer, correctAnswer, timeToAnswerSeconds: seconds },
          },
        }),
      );
      response.json({ isCorrect: attempt.isCorrect });
    },
  );
  return routes;
}
