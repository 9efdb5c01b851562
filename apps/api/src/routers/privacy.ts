import { eraseLearner, listAccesses } from '@studyin/domain/services';
import { erasureProcedure, learnerProcedure, learnerToErase } from '../access.ts';
import { accessLogInput, accessLogOutput, eraseInput, eraseOutput } from '../schemas/privacy.ts';
import { router } from '../trpc.ts';

export const privacyRouter = router({
  erase: erasureProcedure
    .input(eraseInput)
    .output(eraseOutput)
    .mutation(({ ctx, input }) => eraseLearner(ctx.services.eraser, learnerToErase(ctx, input))),

  accessLog: learnerProcedure
    .input(accessLogInput)
    .output(accessLogOutput)
    .query(({ ctx, input }) => listAccesses(ctx.services.app, { ...input, userId: ctx.viewer.userId })),
});
