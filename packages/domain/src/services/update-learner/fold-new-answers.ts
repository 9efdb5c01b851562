// The answers half of an update: goes on from the checkpoint, or begins anew when something came before it.
import { emptyLearnerState, foldAnswers } from '../../algorithms/index.ts';
import type { LearnerState, MasteryModel, MaterialsByTopic, ReviewState, Scheduler } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listAnswers } from '../../stores/answer-store.ts';
import type { StoredAnswer } from '../../stores/answer-store.ts';
import { findCheckpoint } from '../../stores/checkpoint-store.ts';
import type { Curriculum } from '../../stores/curriculum-store.ts';
import { saveMasteryOfDays } from '../../stores/derived-day-store.ts';
import type { MasteryOfDay } from '../../stores/derived-day-store.ts';
import { listCompletions, listTopicStates } from '../../stores/mastery-store.ts';
import type { Completion } from '../../stores/mastery-store.ts';
import { getProgress, listFirstAttempts, listQuestions, saveQuestions } from '../../stores/progress-store.ts';
import type { FirstAttempt, LearnerProgress } from '../../stores/progress-store.ts';
import { decodeCheckpoint } from '../retention/checkpoint-state.ts';
import type { CheckpointState } from '../retention/checkpoint-state.ts';
import { materialsByTopic } from './materials-by-topic.ts';
import { scheduleReviews } from './schedule-reviews.ts';

export type FoldInput = {
  readonly userId: string;
  /** Accepted answers ever, as the learner's row counts them. */
  readonly answers: number;
  /** Of the learner's checkpoint, where there is one. */
  readonly boundary: string | null;
  readonly dirty: readonly { readonly studyDay: string; readonly completed: boolean }[];
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
  /** To be called when the topic-day rows exist. */
  saveMasteryOfDays(): Promise<readonly string[]>;
};

export async function foldNewAnswers(tx: Tx, input: FoldInput): Promise<Fold> {
  const { userId, curriculum, scheduler, model } = input;
  const progress = await getProgress(tx, userId);
  const fresh = await listAnswers(tx, userId, progress.cursor);
  const completions = await listCompletions(tx, userId);
  const refolded = mustRefold(input, { progress, fresh, completions });
  const past = refolded && input.boundary !== null ? await getPast(tx, userId) : null;
  const isAllFresh = past === null && progress.cursor === null;
  const answers = refolded && !isAllFresh ? await listAnswers(tx, userId, past?.learner.cursor ?? null) : fresh;
  const start = refolded ? startOf(past, scheduler) : await loadState(tx, { userId, answers, progress });
  const materials = materialsByTopic(curriculum, completions);
  const { state, topicDays } = foldAnswers(start.state, answers, { materials, model });
  const movedDays = refolded ? movedFirstAttempts(await listFirstAttempts(tx, userId), state) : [];
  const reviews = scheduleReviews(scheduler, start.reviews, answers);
  await saveQuestions(tx, userId, { states: state.questions, reviews, scheduler });
  return {
    state,
    materials,
    progress: {
      answers: state.answers,
      cursor: state.cursor,
      theta: state.theta,
      modelVersion: model.version,
      curriculumVersion: curriculum.version,
      scheduler,
      night: progress.night,
    },
    answersFolded: answers.length,
    refolded,
    movedDays,
    saveMasteryOfDays: () =>
      saveMasteryOfDays(tx, userId, { days: joinDays(past?.topicDays ?? [], topicDays), continues: !refolded }),
  };
}

type Start = { readonly state: LearnerState; readonly reviews: ReadonlyMap<string, ReviewState> };

const fromTheFirst: Start = { state: emptyLearnerState, reviews: new Map() };

function startOf(past: CheckpointState | null, scheduler: Scheduler): Start {
  return past === null ? fromTheFirst : { state: past.learner, reviews: past.reviews[scheduler] };
}

async function getPast(tx: Tx, userId: string): Promise<CheckpointState> {
  const stored = await findCheckpoint(tx, userId);
  if (stored === null) throw new Error(`learner ${userId} has lost a checkpoint`);
  return decodeCheckpoint(stored.state);
}

// A day around the boundary began with the answers before it, and goes on with those after it.
function joinDays(before: readonly MasteryOfDay[], after: readonly MasteryOfDay[]): readonly MasteryOfDay[] {
  const keyOf = ({ topicId, studyDay }: MasteryOfDay): string => `${studyDay} ${topicId}`;
  const days = new Map(before.map((day) => [keyOf(day), day]));
  for (const day of after) {
    const begun = days.get(keyOf(day));
    days.set(keyOf(day), begun === undefined ? day : { ...day, masteryBefore: begun.masteryBefore });
  }
  return [...days.values()];
}

type Evidence = {
  readonly progress: LearnerProgress;
  readonly fresh: readonly StoredAnswer[];
  readonly completions: readonly Completion[];
};

// A cursor alone loses facts: a transaction that began earlier may commit later, with an answer before the cursor. The count
// tells. A material completed before the cursor changes the mastery of answers behind it; so does another curriculum. Another
// scheduler cannot go on from what this one stored, and another version of the mastery model must not: rows of two would mix.
function mustRefold(input: FoldInput, { progress, fresh, completions }: Evidence): boolean {
  const { answers, dirty, curriculum, scheduler, model } = input;
  const { cursor } = progress;
  if (cursor === null) return true;
  if (progress.answers + fresh.length !== answers) return true;
  if (progress.curriculumVersion !== curriculum.version || progress.scheduler !== scheduler) return true;
  if (progress.modelVersion !== model.version) return true;
  return dirty.some((day) => day.completed) && completions.some(({ completedAtMs }) => completedAtMs <= cursor.atMs);
}

async function loadState(
  tx: Tx,
  {
    userId,
    answers,
    progress,
  }: { readonly userId: string; readonly answers: readonly StoredAnswer[]; readonly progress: LearnerProgress },
): Promise<Start> {
  const topics = await listTopicStates(tx, userId, distinct(answers.map((answer) => answer.topicId)));
  const questions = await listQuestions(tx, userId, distinct(answers.map((answer) => answer.questionId)));
  const { answers: folded, cursor, theta } = progress;
  const state = { topics, questions: questions.states, theta, answers: folded, cursor };
  return { state, reviews: questions.reviews };
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
