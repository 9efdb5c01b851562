import { findStoredSessionId } from '@studyin/domain/services';
import { learnerToWrite, trackingProcedure } from '../access.ts';
import { recordBatch, recordOne } from '../ingest/record-items.ts';
import {
  eventInput,
  eventOutput,
  eventsInput,
  eventsOutput,
  materialInteractionInput,
  questionAttemptInput,
  questionAttemptOutput,
  sessionInput,
  sessionStartInput,
  sessionStartOutput,
  storedOutput,
} from '../schemas/tracking.ts';
import { router } from '../trpc.ts';

const sessionProcedure = (eventType: 'session_pause' | 'session_resume' | 'session_end') =>
  trackingProcedure
    .input(sessionInput)
    .output(storedOutput)
    .mutation(({ ctx, input: { userId, ...fields }, path }) =>
      recordOne(ctx, { userId: learnerToWrite(ctx, userId), action: path, item: { eventType, ...fields } }),
    );

export const trackingRouter = router({
  events: trackingProcedure
    .input(eventsInput)
    .output(eventsOutput)
    .mutation(async ({ ctx, input, path }) => {
      const { results, serverTime } = await recordBatch(ctx, { items: input.events, action: path });
      return { results: [...results], serverTime };
    }),

  event: trackingProcedure
    .input(eventInput)
    .output(eventOutput)
    .mutation(({ ctx, input, path }) =>
      recordOne(ctx, {
        userId: learnerToWrite(ctx, input.userId?.toLowerCase()),
        action: path,
        item: input,
        flat: false,
      }),
    ),

  questionAttempt: trackingProcedure
    .input(questionAttemptInput)
    .output(questionAttemptOutput)
    .mutation(async ({ ctx, input, path }) => {
      const { userId: named, eventId, sessionId, timezone, questionId, topicId, ...properties } = input;
      const userId = learnerToWrite(ctx, named);
      const item = { eventType: 'question_attempt', eventId, sessionId, timezone, questionId, topicId, properties };
      const { attempt, ...stored } = await recordOne(ctx, { userId, action: path, item, isNumbered: true });
      if (attempt === undefined) throw new Error('a stored answer has no number');
      return { ...stored, ...attempt };
    }),

  materialInteraction: trackingProcedure
    .input(materialInteractionInput)
    .output(storedOutput)
    .mutation(({ ctx, input, path }) => {
      const { userId, durationSeconds, scrollDepthPercent, ...fields } = input;
      const item = { eventType: 'material_read', ...fields, properties: { durationSeconds, scrollDepthPercent } };
      return recordOne(ctx, { userId: learnerToWrite(ctx, userId), action: path, item });
    }),

  sessionStart: trackingProcedure
    .input(sessionStartInput)
    .output(sessionStartOutput)
    .mutation(async ({ ctx, input, path }) => {
      const { userId: named, deviceType, ...fields } = input;
      const userId = learnerToWrite(ctx, named);
      const stored = await recordOne(ctx, {
        userId,
        action: path,
        item: { eventType: 'session_start', ...fields, properties: { deviceType } },
      });
      return {
        ...stored,
        sessionId: await findStoredSessionId(ctx.services.app, { userId, sessionId: input.sessionId }),
      };
    }),

  sessionPause: sessionProcedure('session_pause'),
  sessionResume: sessionProcedure('session_resume'),
  sessionEnd: sessionProcedure('session_end'),
});
