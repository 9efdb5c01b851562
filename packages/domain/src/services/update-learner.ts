// Learners and one transaction: new answers are folded, dirty days rolled up, topics, metrics and gaps refreshed. Every statement
// is sent once for all of them: one learner's job and a night's hundreds take the same way.
import type { MasteryModel } from '../algorithms/index.ts';
import type { App } from '../app.ts';
import type { Tx } from '../database/index.ts';
import { getCurriculum, shareCurriculumVersion } from '../stores/curriculum-store.ts';
import type { Curriculum } from '../stores/curriculum-store.ts';
import { listLatestTopicDays, listStoredDays, saveMasteryOfDays } from '../stores/derived-day-store.ts';
import { takeDirtyDays } from '../stores/dirty-day-store.ts';
import { lockKnownLearners } from '../stores/learner-store.ts';
import type { KnownLearner } from '../stores/learner-store.ts';
import { listStoredTopics } from '../stores/mastery-store.ts';
import { shareActiveModel } from '../stores/model-store.ts';
import { planByIndex } from '../stores/plan-store.ts';
import { saveLearnerProgress } from '../stores/progress-store.ts';
import { foldNewAnswers } from './update-learner/fold-new-answers.ts';
import type { Fold, FoldLearner } from './update-learner/fold-new-answers.ts';
import { refreshGaps } from './update-learner/refresh-gaps.ts';
import { refreshMastery } from './update-learner/refresh-mastery.ts';
import { refreshMetrics } from './update-learner/refresh-metrics.ts';
import { refreshWeeks } from './update-learner/refresh-weeks.ts';
import { rollUpDays } from './update-learner/roll-up-days.ts';
import type { RollUp } from './update-learner/roll-up-days.ts';

export type UpdateOutcome = {
  /** False where there is no such learner (any more): nothing was done. */
  readonly isKnown: boolean;
  readonly answersFolded: number;
  /** Whether the fold began anew: an answer or a completed material came late,
   * or the curriculum, the scheduler or the model of mastery changed. */
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
    const outcomes = await updateInTx(app, tx, { userIds: [userId], known });
    const outcome = outcomes.get(userId) ?? nothing;
    await inSameTx(tx, outcome);
    return outcome;
  });
}

/** Of each learner who is known. */
export type UpdateOutcomes = ReadonlyMap<string, UpdateOutcome>;

/**
 * `updateLearner` for several learners in one transaction: all of them or none. They are locked until its end, so that not many
 * should be given at once. Answers the outcome of each who is known.
 */
export async function updateLearners(
  app: App,
  userIds: readonly string[],
  inSameTx: (tx: Tx, outcomes: UpdateOutcomes) => Promise<void> = () => Promise.resolve(),
): Promise<UpdateOutcomes> {
  const known = await app.curriculum.current();
  return app.database.transaction(async (tx) => {
    const outcomes = await updateInTx(app, tx, { userIds, known });
    await inSameTx(tx, outcomes);
    return outcomes;
  });
}

const nothing: UpdateOutcome = { isKnown: false, answersFolded: 0, refolded: false, days: 0 };

type Asked = { readonly userIds: readonly string[]; readonly known: Curriculum };

async function updateInTx(app: App, tx: Tx, { userIds, known }: Asked): Promise<ReadonlyMap<string, UpdateOutcome>> {
  planByIndex(tx);
  // One after the other, as they are sent: each is shared or locked before the next.
  const [curriculumVersion, modelVersion, learners] = await Promise.all([
    shareCurriculumVersion(tx),
    shareActiveModel(tx),
    lockKnownLearners(tx, userIds),
  ]);
  const curriculum = curriculumVersion === known.version ? known : await getCurriculum(tx);
  const model = await app.models.get(tx, modelVersion);
  return learners.length === 0 ? new Map() : updateLocked(app, tx, { learners, curriculum, model });
}

export type Locked = {
  readonly learners: readonly KnownLearner[];
  readonly curriculum: Curriculum;
  /** The version that is active, and stays so to the end of the transaction. */
  readonly model: MasteryModel;
};

/** `updateLearners` for learners whom the transaction has locked; at least one. */
export async function updateLocked(
  app: Pick<App, 'scheduler' | 'gapVersion' | 'models'>,
  tx: Tx,
  { learners, curriculum, model }: Locked,
): Promise<ReadonlyMap<string, UpdateOutcome>> {
  const userIds = learners.map(({ userId }) => userId);
  const [dirtyDays, storedTopics] = await Promise.all([takeDirtyDays(tx, userIds), listStoredTopics(tx, userIds)]);
  const dirty = Map.groupBy(dirtyDays, ({ userId }) => userId);
  const topics = Map.groupBy(storedTopics, ({ userId }) => userId);
  const started = learners.map((learner) => ({
    ...learner,
    dirty: dirty.get(learner.userId) ?? [],
    topics: topics.get(learner.userId) ?? [],
  }));
  const folds = await foldNewAnswers(tx, started, { curriculum, scheduler: app.scheduler, model });
  const folded = started.map((learner) => ({ ...learner, fold: ofLearner(folds, learner.userId) }));
  const rollUps = await deriveRows(tx, folded, { curriculum, model });
  saveLearnerProgress(tx, new Map([...folds].map(([userId, { progress }]) => [userId, progress])));
  await refreshGaps(tx, userIds, { curriculum, version: app.gapVersion, models: app.models });
  return new Map(
    folded.map(({ userId, fold: { answersFolded, refolded } }) => [
      userId,
      { isKnown: true, answersFolded, refolded, days: rollUps.get(userId)?.days.length ?? 0 },
    ]),
  );
}

type Folded = FoldLearner & { readonly fold: Fold };

/** Days, topics, weeks and metrics of learners whose questions are saved. */
async function deriveRows(
  tx: Tx,
  learners: readonly Folded[],
  rules: Pick<Locked, 'curriculum' | 'model'>,
): Promise<ReadonlyMap<string, RollUp>> {
  const userIds = learners.map(({ userId }) => userId);
  const rollUps = await rollUpDays(tx, learners.map(daysToRollUp));
  const scored = Map.groupBy(await saveMasteryOfDays(tx, learners.flatMap(masteryOfDays)), ({ userId }) => userId);
  const touched = learners.map((learner) => ({ ...learner, events: rollUps.get(learner.userId)?.events ?? [] }));
  const topics = await refreshMastery(tx, touched, rules);
  const [storedDays, latestDays] = await Promise.all([listStoredDays(tx, userIds), listLatestTopicDays(tx, userIds)]);
  const stored = Map.groupBy(storedDays, ({ userId }) => userId);
  const latest = Map.groupBy(latestDays, ({ userId }) => userId);
  const dated = learners.map(({ userId, fold }) => ({
    userId,
    storedDays: stored.get(userId) ?? [],
    topicDays: latest.get(userId) ?? [],
    changedDays: [...(rollUps.get(userId)?.days ?? []), ...(scored.get(userId) ?? []).map(({ studyDay }) => studyDay)],
    topics: ofLearner(topics, userId),
    theta: fold.progress.theta,
    answers: fold.progress.answers,
    night: fold.progress.night,
  }));
  await refreshWeeks(tx, dated);
  refreshMetrics(tx, dated, { exam: rules.curriculum.exam, model: rules.model });
  return rollUps;
}

function daysToRollUp({ userId, dirty, fold, boundary, dailyGoalMinutes }: Folded) {
  const days = [...dirty.map(({ studyDay }) => studyDay), ...fold.movedDays];
  return { userId, days, boundary, goalMinutes: dailyGoalMinutes };
}

function masteryOfDays({ userId, fold }: Folded) {
  return fold.masteryOfDays.map((day) => ({ ...day, userId, continues: !fold.refolded }));
}

function ofLearner<T>(values: ReadonlyMap<string, T>, userId: string): T {
  const value = values.get(userId);
  if (value === undefined) throw new Error(`nothing was computed for learner ${userId}`);
  return value;
}
