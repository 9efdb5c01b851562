import { DomainError } from '@studyin/domain/errors';
import { getTopic, importCurriculum, listTopics } from '@studyin/domain/services';
import { anyProcedure, curriculumProcedure } from '../access.ts';
import { ApiError } from '../domain-errors.ts';
import {
  importInput,
  importOutput,
  topicInput,
  topicOutput,
  topicsInput,
  topicsOutput,
} from '../schemas/curriculum.ts';
import { router } from '../trpc.ts';

export const curriculumRouter = router({
  topics: anyProcedure
    .input(topicsInput)
    .output(topicsOutput)
    .query(async ({ ctx }) => ({ topics: await listTopics(ctx.services.app) })),

  topic: anyProcedure
    .input(topicInput)
    .output(topicOutput)
    .query(({ ctx, input }) => getTopic(ctx.services.app, 'slug' in input ? input.slug : input.topicId)),

  import: curriculumProcedure
    .input(importInput)
    .output(importOutput)
    .mutation(async ({ ctx, input }) => {
      try {
        return await importCurriculum(ctx.services.app, input);
      } catch (error) {
        throw named(error);
      }
    }),
});

/** Who maintains the curriculum is told which topic is at fault: it is their own text, and it names no person. */
function named(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== 'invalid') return error;
  return new ApiError('BAD_REQUEST', { path: error.path ?? undefined, publicText: error.message.slice(0, 500) }, error);
}
