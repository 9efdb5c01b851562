// What clients see, as one type. It leaves the workspace alone, so nothing in it may need an import but @trpc/server.
import { cohortsRouter } from './routers/cohorts.ts';
import { curriculumRouter } from './routers/curriculum.ts';
import { dashboardRouter } from './routers/dashboard.ts';
import { learnerRouter } from './routers/learner.ts';
import { privacyRouter } from './routers/privacy.ts';
import { trackingRouter } from './routers/tracking.ts';
import { router } from './trpc.ts';

export const appRouter = router({
  tracking: trackingRouter,
  learner: learnerRouter,
  dashboard: dashboardRouter,
  curriculum: curriculumRouter,
  cohorts: cohortsRouter,
  privacy: privacyRouter,
});

export type AppRouter = typeof appRouter;
