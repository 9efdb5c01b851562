// One learner, one transaction: new answers are folded, dirty days rolled up, topics, metrics and gaps refreshed.
import type { MasteryModel } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { getCurriculum, shareCurriculumVersion } from '../stores/curriculum-store.ts';
import type { Curriculum } from '../stores/curriculum-store.ts';
import { listStoredDays } from '../stores/derived-day-store.ts';
import { takeDirtyDays } from '../stores/dirty-day-store.ts';
import { lockKnownLearner } from '../stores/learner-store.ts';
import type { KnownLearner } from '../stores/learner-store.ts';
import { shareActiveModel } from '../stores/model-store.ts';
import { saveLearnerProgress } from '../stores/progress-store.ts';
import { foldNewAnswers } from './update-learner/fold-new-answers.ts';
import { refreshGaps } from './update-learner/refresh-gaps.ts';
import { refreshMastery } from './update-learner/refresh-mastery.ts';
import { refreshMetrics } from './update-learner/refresh-metrics.ts';
import { refreshWeeks } from './update-learner/refresh-weeks.ts';
import { rollUpDays } from './update-learner/roll-up-days.ts';

export type UpdateOutcome = {
  /** False where there is no such learner (any more): nothing was done. */
  readonly isKnown: boolean;
  readonly answersFolded: number;
  /** Whether the fold began anew: an answer or a completed material came late, or the
   * curriculum, the scheduler or the mastery model changed. */
  readonly refolded: boolean;
  readonly days: number;
};

/**
 * Brings all derived rows of a learner up to their facts, in one transaction under the learner's lock, and runs `inSameTx` last
 * in it (a worker completes its job there). Idempotent: run again it changes no row. The result does not depend on the order in
 * which facts arrived.
 */
export async function updateLearner(
  app: App,
  { userId }: { readonly userId: string },
  inSameTx: (tx: Tx, outcome: UpdateOutcome) => Promise<void> = () => Promise.resolve(),
): Promise<UpdateOutcome> {
  const known = await app.curriculum.current();
  return app.database.transaction(async (tx) => {
    const version = await shareCurriculumVersion(tx);
    const curriculum = version === known.version ? known : await getCurriculum(tx);
    const model = await app.models.get(tx, await shareActiveModel(tx));
    const learner = await lockKnownLearner(tx, userId);
    const outcome = learner === null ? nothing : await updateLocked(app, tx, { userId, learner, curriculum, model });
    await inSameTx(tx, outcome);
    return outcome;
  });
}

const nothing: UpdateOutcome = { isKnown: false, answersFolded: 0, refolded: false, days: 0 };

export type Locked = {
  readonly userId: string;
  readonly learner: KnownLearner;
  readonly curriculum: Curriculum;
  /** The version that is active, and stays so to the end of the transaction. */
  readonly model: MasteryModel;
};

/** `updateLearner` for a learner whom the transaction has locked. */
export async function updateLocked(
  app: Pick<App, 'scheduler' | 'gapVersion' | 'models'>,
  tx: Tx,
  { userId, learner, curriculum, model }: Locked,
): Promise<UpdateOutcome> {
  const { scheduler, gapVersion } = app;
  const dirty = await takeDirtyDays(tx, userId);
  const { answers, boundary, dailyGoalMinutes: goalMinutes } = learner;
  const fold = await foldNewAnswers(tx, { userId, answers, boundary, dirty, curriculum, scheduler, model });
  const days = [...dirty.map(({ studyDay }) => studyDay), ...fold.movedDays];
  const rollUp = await rollUpDays(tx, { userId, days, boundary, goalMinutes });
  const changedDays = await fold.saveMasteryOfDays();
  await refreshMastery(tx, { userId, fold, events: rollUp.events, curriculum, model });
  const storedDays = await listStoredDays(tx, userId);
  await refreshWeeks(tx, { userId, storedDays, changedDays: [...rollUp.days, ...changedDays] });
  await refreshMetrics(tx, { userId, storedDays, night: fold.progress.night });
  await saveLearnerProgress(tx, userId, fold.progress);
  await refreshGaps(tx, [userId], { curriculum, version: gapVersion, models: app.models });
  return { isKnown: true, answersFolded: fold.answersFolded, refolded: fold.refolded, days: rollUp.days.length };
}
