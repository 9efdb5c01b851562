import { getSettings, updateSettings } from '@studyin/domain/services';
import { learnerProcedure } from '../access.ts';
import { settingsInput, settingsOutput, updateSettingsInput, updateSettingsOutput } from '../schemas/learner.ts';
import { router } from '../trpc.ts';

export const learnerRouter = router({
  settings: learnerProcedure
    .input(settingsInput)
    .output(settingsOutput)
    .query(({ ctx }) => getSettings(ctx.services.app, { userId: ctx.viewer.userId })),

  updateSettings: learnerProcedure
    .input(updateSettingsInput)
    .output(updateSettingsOutput)
    .mutation(({ ctx, input }) => updateSettings(ctx.services.app, { ...input, userId: ctx.viewer.userId })),
});
