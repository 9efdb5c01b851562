import type { App } from '../app.ts';
import { listLearnersAfter } from '../stores/rebucket-store.ts';
import { rebucketLearner } from './rebucket-learner.ts';
import type { Rebucketed } from './rebucket-learner.ts';

export type RebucketAllOptions = {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (learners: number) => void;
};

export type RebucketTotals = Rebucketed & { readonly learners: number; readonly movedLearners: number };

const A_PAGE = 500;

/** `rebucketLearner` for every learner, one transaction each; broken off, it may begin anew. */
export async function rebucketLearners(
  app: Pick<App, 'database' | 'studyDayAt' | 'scheduler' | 'gapVersion' | 'models'>,
  { dryRun = false, signal, onProgress }: RebucketAllOptions = {},
): Promise<RebucketTotals> {
  let totals: RebucketTotals = { learners: 0, movedLearners: 0, events: 0, movedEvents: 0, movedAttempts: 0 };
  for (let page = await listLearnersAfter(app.database.reader, null, A_PAGE); page.length > 0;) {
    for (const userId of page) {
      signal?.throwIfAborted();
      totals = add(totals, await rebucketLearner(app, { userId, dryRun }));
      onProgress?.(totals.learners);
    }
    page = await listLearnersAfter(app.database.reader, page.at(-1) ?? null, A_PAGE);
  }
  return totals;
}

function add(totals: RebucketTotals, { events, movedEvents, movedAttempts }: Rebucketed): RebucketTotals {
  return {
    learners: totals.learners + 1,
    movedLearners: totals.movedLearners + (movedEvents > 0 ? 1 : 0),
    events: totals.events + events,
    movedEvents: totals.movedEvents + movedEvents,
    movedAttempts: totals.movedAttempts + movedAttempts,
  };
}
