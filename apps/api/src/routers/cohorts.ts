import {
  addMembers,
  listCohorts,
  listMembers,
  removeCohort,
  removeMembers,
  saveCohort,
} from '@studyin/domain/services';
import { accessorOf, cohortProcedure, refuseOwnName, rosterProcedure } from '../access.ts';
import type { ViewerContext } from '../access.ts';
import {
  addMembersInput,
  addMembersOutput,
  listInput,
  listOutput,
  membersInput,
  membersOutput,
  removeInput,
  removeMembersInput,
  removeMembersOutput,
  removeOutput,
  saveInput,
  saveOutput,
} from '../schemas/cohorts.ts';
import { router } from '../trpc.ts';

/** Whose own cohorts a call is confined to; null for none. */
const instructorOf = ({ viewer }: ViewerContext): string | null =>
  viewer.role === 'instructor' ? viewer.userId : null;

export const cohortsRouter = router({
  list: rosterProcedure
    .input(listInput)
    .output(listOutput)
    .query(({ ctx, input }) => listCohorts(ctx.services.app, { ...input, instructorId: instructorOf(ctx) })),

  members: rosterProcedure
    .input(membersInput)
    .output(membersOutput)
    .query(({ ctx, input, path }) =>
      listMembers(ctx.services.app, { ...input, instructorId: instructorOf(ctx) }, accessorOf(ctx, path)),
    ),

  save: cohortProcedure
    .input(saveInput)
    .output(saveOutput)
    .mutation(({ ctx, input }) => {
      refuseOwnName(ctx.viewer, { path: 'name', text: input.name });
      return saveCohort(ctx.services.app, input);
    }),

  remove: cohortProcedure
    .input(removeInput)
    .output(removeOutput)
    .mutation(({ ctx, input, path }) => removeCohort(ctx.services.app, input, accessorOf(ctx, path))),

  addMembers: cohortProcedure
    .input(addMembersInput)
    .output(addMembersOutput)
    .mutation(({ ctx, input, path }) => addMembers(ctx.services.app, input, accessorOf(ctx, path))),

  removeMembers: cohortProcedure
    .input(removeMembersInput)
    .output(removeMembersOutput)
    .mutation(({ ctx, input, path }) => removeMembers(ctx.services.app, input, accessorOf(ctx, path))),
});
