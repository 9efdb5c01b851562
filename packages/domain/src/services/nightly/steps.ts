// The steps of a night, in the order in which they are done.
import { refreshPeerDistributions, refreshQuestionStatistics } from '../../stores/population-store.ts';
import { boundaryAsOf } from '../retention/boundary.ts';
import { ensurePartitions } from '../ensure-partitions.ts';
import { dropOld, makeNightCheckpoints } from './drop-old.ts';
import { moveLearners } from './move-learners.ts';
import type { NightStep } from './night-step.ts';
import { refreshModel } from './refresh-model.ts';
import { updateLagging } from './update-lagging.ts';
import { verifySample } from './verify-sample.ts';

const DAY_STARTS = 5;
const NIGHT_STARTS = 120;

export const nightSteps: readonly NightStep[] = [
  { name: 'daily-stats', dueMinute: DAY_STARTS, spread: 'learners', missed: 'last', run: updateLagging },
  {
    name: 'mastery',
    dueMinute: NIGHT_STARTS,
    spread: 'learners',
    missed: 'last',
    run: async (app, chunk) => ({ rows: await moveLearners(app, chunk, chunk.day) }),
  },
  // Here gaps are to be computed: from the mastery of this night, before anyone is compared by it.
  {
    name: 'peers',
    dueMinute: NIGHT_STARTS,
    spread: 'whole',
    missed: 'last',
    run: async ({ database }, { day }) => ({
      rows: await database.transaction((tx) => refreshPeerDistributions(tx, day)),
    }),
  },
  {
    name: 'question-statistics',
    dueMinute: NIGHT_STARTS,
    spread: 'whole',
    missed: 'last',
    run: async ({ database }, { day }) => ({
      rows: await database.transaction((tx) => refreshQuestionStatistics(tx, { day, from: boundaryAsOf(day) })),
    }),
  },
  // After the numbers of this night: whoever is moved to a new version has them anew, by jobs of the day.
  { name: 'mastery-model', dueMinute: NIGHT_STARTS, spread: 'whole', missed: 'last', run: refreshModel },
  {
    name: 'partitions',
    dueMinute: NIGHT_STARTS,
    spread: 'whole',
    missed: 'last',
    run: async (app) => ({ rows: await ensurePartitions(app) }),
  },
  // Once all that is computed from old months is done, and before the check that nothing was lost.
  { name: 'checkpoints', dueMinute: NIGHT_STARTS, spread: 'learners', missed: 'last', run: makeNightCheckpoints },
  { name: 'retention', dueMinute: NIGHT_STARTS, spread: 'whole', missed: 'last', run: dropOld },
  { name: 'verify-sample', dueMinute: NIGHT_STARTS, spread: 'learners', missed: 'each', run: verifySample },
];

export const stepNames: readonly string[] = nightSteps.map(({ name }) => name);

/** Throws where no step has that name: a chunk of another release. */
export function getStep(name: string): NightStep {
  const step = nightSteps.find((one) => one.name === name);
  if (step === undefined) throw new Error(`there is no nightly step ${name}`);
  return step;
}
