// The answers half of an update: goes on from the cursor, or begins anew when something came before it.
import { compareCanonical, emptyLearnerState, foldAnswers } from '../../algorithms/index.ts';
import type { LearnerState, MasteryModel, MaterialsByTopic, ReviewState, Scheduler } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listAnswers } from '../../stores/answer-store.ts';
import type { StoredAnswer } from '../../stores/answer-store.ts';
import { findCheckpoint } from '../../stores/checkpoint-store.ts';
import type { Curriculum } from '../../stores/curriculum-store.ts';
import type { MasteryOfDay } from '../../stores/derived-day-store.ts';
import type { KnownLearner } from '../../stores/learner-store.ts';
import { listCompletions } from '../../stores/mastery-store.ts';
import type { Completion, StoredTopic } from '../../stores/mastery-store.ts';
import { listFirstAttempts, listQuestions, saveQuestions } from '../../stores/progress-store.ts';
import type { FirstAttempt, LearnerProgress, StoredQuestion } from '../../stores/progress-store.ts';
import { decodeCheckpoint } from '../retention/checkpoint-state.ts';
import type { CheckpointState } from '../retention/checkpoint-state.ts';
import { materialsByTopic } from './materials-by-topic.ts';
import { scheduleReviews } from './schedule-reviews.ts';

export type FoldLearner = KnownLearner & {
  readonly dirty: readonly { readonly studyDay: string; readonly completed: boolean }[];
  readonly topics: readonly StoredTopic[];
};

export type FoldSettings = {
  readonly curriculum: Curriculum;
  readonly scheduler: Scheduler;
  /** The version that is active. */
  readonly model: MasteryModel;
};

export type Fold = {
  readonly state: LearnerState;
  readonly materials: MaterialsByTopic;
  readonly progress: LearnerProgress;
  readonly answersFolded: number;
  readonly refolded: boolean;
  /** Days whose count of first attempts moved because a question's first attempt did. */
  readonly movedDays: readonly string[];
  /** To be saved when the topic-day rows exist. */
  readonly masteryOfDays: readonly MasteryOfDay[];
};

/** Folds the new answers of learners and saves their questions; the rest is for the caller to save. By learner. */
export async function foldNewAnswers(
  tx: Tx,
  learners: readonly FoldLearner[],
  settings: FoldSettings,
): Promise<ReadonlyMap<string, Fold>> {
  const userIds = learners.map(({ userId }) => userId);
  const [freshRows, completionRows] = await Promise.all([
    listAnswers(tx, learners.map(afterCursor)),
    listCompletions(tx, userIds),
  ]);
  const fresh = Map.groupBy(freshRows, ({ userId }) => userId);
  const completions = Map.groupBy(completionRows, ({ userId }) => userId);
  const tasks = learners.map((learner): Task => {
    const known = { fresh: fresh.get(learner.userId) ?? [], completions: completions.get(learner.userId) ?? [] };
    return { learner, ...known, refolded: mustRefold(learner, known, settings) };
  });
  const [questionRows, firstRows] = await Promise.all([listQuestions(tx, questionsOf(tasks)), listFirstsOf(tx, tasks)]);
  const questions = Map.groupBy(questionRows, ({ userId }) => userId);
  const firsts = Map.groupBy(firstRows, ({ userId }) => userId);
  const folded: Folded[] = [];
  for (const task of tasks) {
    const { userId } = task.learner;
    const begun = task.refolded ? await beginAnew(tx, task, settings) : goOn(task, questions.get(userId) ?? []);
    folded.push(foldOne(task, { begun, firsts: firsts.get(userId) ?? [], settings }));
  }
  saveQuestions(
    tx,
    folded.map(({ userId, fold, reviews }) => ({
      userId,
      states: fold.state.questions,
      reviews,
      scheduler: settings.scheduler,
    })),
  );
  return new Map(folded.map(({ userId, fold }) => [userId, fold]));
}

type Known = { readonly fresh: readonly StoredAnswer[]; readonly completions: readonly Completion[] };
type Task = Known & { readonly learner: FoldLearner; readonly refolded: boolean };

/** What a fold starts from, and the answers that come after it. */
type Begun = {
  readonly state: LearnerState;
  readonly reviews: ReadonlyMap<string, ReviewState>;
  readonly days: readonly MasteryOfDay[];
  readonly answers: readonly StoredAnswer[];
};

type Folded = {
  readonly userId: string;
  readonly fold: Fold;
  readonly reviews: ReadonlyMap<string, ReviewState>;
};

function afterCursor({ userId, progress }: FoldLearner) {
  return { userId, after: progress.cursor };
}

// A cursor alone loses facts: a transaction that began earlier may commit later, with an answer before the cursor. The count
// tells. A material completed before the cursor changes the mastery of answers behind it; so does another curriculum. Another
// scheduler cannot go on from what this one stored, and another version of the mastery model must not: rows of two would mix.
function mustRefold(learner: FoldLearner, { fresh, completions }: Known, settings: FoldSettings): boolean {
  const { answers, dirty, progress } = learner;
  const { cursor } = progress;
  if (cursor === null) return true;
  if (progress.answers + fresh.length !== answers) return true;
  if (progress.curriculumVersion !== settings.curriculum.version) return true;
  if (progress.scheduler !== settings.scheduler) return true;
  if (progress.modelVersion !== settings.model.version) return true;
  return dirty.some((day) => day.completed) && completions.some(({ completedAtMs }) => completedAtMs <= cursor.atMs);
}

/** Of learners who go on, the questions that they have answered. */
function questionsOf(tasks: readonly Task[]) {
  return tasks
    .filter(({ refolded }) => !refolded)
    .flatMap(({ learner: { userId }, fresh }) =>
      distinct(fresh.map(({ questionId }) => questionId)).map((questionId) => ({ userId, questionId })),
    );
}

async function listFirstsOf(tx: Tx, tasks: readonly Task[]): Promise<readonly FirstAttempt[]> {
  const userIds = tasks.filter(({ refolded }) => refolded).map(({ learner }) => learner.userId);
  return userIds.length === 0 ? [] : listFirstAttempts(tx, userIds);
}

function goOn({ learner, fresh }: Task, questions: readonly StoredQuestion[]): Begun {
  const { progress, topics } = learner;
  const answered = new Set(fresh.map(({ topicId }) => topicId));
  return {
    state: {
      topics: new Map(
        topics.filter(({ topicId }) => answered.has(topicId)).map((topic) => [topic.topicId, stateOf(topic)]),
      ),
      questions: new Map(questions.map(({ questionId, state }) => [questionId, state])),
      theta: progress.theta,
      answers: progress.answers,
      cursor: progress.cursor,
    },
    reviews: new Map(questions.map(({ questionId, review }) => [questionId, review])),
    days: [],
    answers: fresh,
  };
}

/** The fold's state of a stored topic. */
export function stateOf(topic: StoredTopic) {
  const { attempts, correct, questions, firstCorrect, ewma, firstAtMs, lastAtMs, answerSeconds } = topic;
  const { theta, recent, learnerTheta } = topic;
  const counted = { attempts, correct, questions, firstCorrect, ewma, firstAtMs, lastAtMs, answerSeconds };
  return { ...counted, theta, recent, learnerTheta };
}

// One learner at a time: all answers of a group would be too much to hold.
async function beginAnew(tx: Tx, { learner, fresh }: Task, { scheduler }: FoldSettings): Promise<Begun> {
  const { userId, boundary, progress } = learner;
  const past = boundary === null ? null : await getPast(tx, userId);
  const answers =
    past === null && progress.cursor === null
      ? fresh
      : await listAnswers(tx, [{ userId, after: past?.learner.cursor ?? null }]);
  return {
    state: past?.learner ?? emptyLearnerState,
    reviews: past?.reviews[scheduler] ?? new Map<string, ReviewState>(),
    days: past?.topicDays ?? [],
    answers,
  };
}

async function getPast(tx: Tx, userId: string): Promise<CheckpointState> {
  const stored = await findCheckpoint(tx, userId);
  if (stored === null) throw new Error(`learner ${userId} has lost a checkpoint`);
  return decodeCheckpoint(stored.state);
}

type FoldParts = {
  readonly begun: Begun;
  readonly firsts: readonly FirstAttempt[];
  readonly settings: FoldSettings;
};

function foldOne({ learner, completions, refolded }: Task, { begun, firsts, settings }: FoldParts): Folded {
  const { curriculum, scheduler, model } = settings;
  const answers = begun.answers.toSorted(compareCanonical);
  const materials = materialsByTopic(curriculum, completions);
  const { state, topicDays } = foldAnswers(begun.state, answers, { materials, model });
  const fold: Fold = {
    state,
    materials,
    progress: {
      answers: state.answers,
      cursor: state.cursor,
      theta: state.theta,
      modelVersion: model.version,
      curriculumVersion: curriculum.version,
      scheduler,
      night: learner.progress.night,
    },
    answersFolded: answers.length,
    refolded,
    movedDays: movedFirstAttempts(firsts, state),
    masteryOfDays: joinDays(begun.days, topicDays),
  };
  return { userId: learner.userId, fold, reviews: scheduleReviews(scheduler, begun.reviews, answers) };
}

// A day around the boundary began with the answers before it, and goes on with those after it.
function joinDays(before: readonly MasteryOfDay[], after: readonly MasteryOfDay[]): readonly MasteryOfDay[] {
  if (before.length === 0) return after;
  const keyOf = ({ topicId, studyDay }: MasteryOfDay): string => `${studyDay} ${topicId}`;
  const days = new Map(before.map((day) => [keyOf(day), day]));
  for (const day of after) {
    const begun = days.get(keyOf(day));
    days.set(keyOf(day), begun === undefined ? day : { ...day, masteryBefore: begun.masteryBefore });
  }
  return [...days.values()];
}

function movedFirstAttempts(stored: readonly FirstAttempt[], { questions }: LearnerState): readonly string[] {
  return distinct(
    stored.flatMap(({ questionId, firstId, firstStudyDay }) => {
      const now = questions.get(questionId);
      return now === undefined || now.firstId === firstId ? [] : [firstStudyDay, now.firstStudyDay];
    }),
  );
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
