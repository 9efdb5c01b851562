// Every dashboard procedure of the router, with an input about the test's curriculum.
import { appRouter } from '../src/router.ts';
import { questionId, topicId } from './test-curriculum.ts';

/** Of those that cannot be asked without one; a new procedure of that kind fails until it has one here. */
const inputs: Readonly<Record<string, object>> = {
  'dashboard.topicTrend': { topicId, days: 90 },
  'dashboard.explain': { topicId },
  'dashboard.questionHistory': { questionId },
  'dashboard.comparison': { topicId },
  'dashboard.forgettingCurve': { topicId, days: 90 },
};

export const dashboardCalls: readonly (readonly [path: string, input: object])[] = Object.keys(
  appRouter._def.procedures,
)
  .filter((path) => path.startsWith('dashboard.'))
  .map((path) => [path, inputs[path] ?? {}]);
