import type { App } from '../app.ts';
import { countDueQuestions } from '../stores/dashboard-question-store.ts';
import { getHeatmap } from './get-heatmap.ts';
import type { Heatmap } from './get-heatmap.ts';
import { getOverview } from './get-overview.ts';
import type { Overview } from './get-overview.ts';
import { listGaps } from './list-gaps.ts';
import type { GapList } from './list-gaps.ts';
import { listMastery } from './list-mastery.ts';
import type { MasteryList } from './list-mastery.ts';
import { listSessions } from './list-sessions.ts';
import type { SessionList } from './list-sessions.ts';

export type Dashboard = {
  readonly overview: Overview;
  readonly heatmap: Heatmap;
  readonly mastery: MasteryList;
  readonly gaps: GapList;
  readonly sessions: SessionList;
  /** Questions due for review on the study day `asOf` or before, and those of them that were due before. */
  readonly due: { readonly asOf: string; readonly count: number; readonly overdue: number };
};

/** What the first screen shows of each block. */
const FIRST_SCREEN = { heatmapDays: 90, topics: 20, gaps: 10, sessionDays: 30, sessions: 10 };

/** A learner's first screen in one answer. Throws `not_found` for an unknown learner. */
export async function getDashboard(
  app: Pick<App, 'database' | 'requireLearner'>,
  { userId, today }: { readonly userId: string; readonly today: string },
): Promise<Dashboard> {
  const [heatmap, mastery, gaps, sessions, due, overview] = await Promise.all([
    getHeatmap(app, { userId, today, days: FIRST_SCREEN.heatmapDays }),
    listMastery(app, { userId, limit: FIRST_SCREEN.topics }),
    listGaps(app, { userId, limit: FIRST_SCREEN.gaps }),
    listSessions(app, { userId, today, days: FIRST_SCREEN.sessionDays, limit: FIRST_SCREEN.sessions }),
    countDueQuestions(app.database.reader, { userId, studyDay: today }),
    getOverview(app, { userId }),
  ]);
  return { overview, heatmap, mastery, gaps, sessions, due: { asOf: today, ...due } };
}
