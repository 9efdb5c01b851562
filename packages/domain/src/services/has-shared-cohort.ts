import type { App } from '../app.ts';
import { isInstructorOf } from '../stores/cohort-store.ts';

/** Whether the instructor teaches a cohort that the learner is in. */
export function hasSharedCohort(
  app: Pick<App, 'database'>,
  { instructorId, userId }: { readonly instructorId: string; readonly userId: string },
): Promise<boolean> {
  return isInstructorOf(app.database.reader, instructorId, userId);
}
