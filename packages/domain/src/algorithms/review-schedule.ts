// When a question comes up again. A question's schedule is a fold over its answers in canonical order; all days are study
// days of the learner, so that two answers 20 minutes apart are one day wherever UTC midnight lies.
import { answerQuality, reviewRating, type RatedAnswer } from './answer-quality.ts';
import { compareCanonical, type Place } from './canonical-order.ts';
import { fsrsIntervalDays, fsrsRetrievability, MAX_INTERVAL_DAYS, nextMemoryState } from './fsrs-6.ts';
import { nextSm2SeedInterval } from './sm2-seed.ts';
import { nextSm2State } from './sm2.ts';
import { addDays, daysBetween } from './study-day.ts';

export type Scheduler = 'fsrs-6' | 'sm2-seed' | 'sm2';

export type ReviewAnswer = Place & RatedAnswer & { readonly studyDay: string };

export type ReviewState = {
  /** Days, and 1 to 10: what `fsrs-6` carries; null from the others. */
  readonly stability: number | null;
  readonly difficulty: number | null;
  readonly intervalDays: number;
  readonly dueDay: string;
  /** At least 1.3, and reviews in a row that went well: what `sm2` carries; null from the others. */
  readonly easiness: number | null;
  readonly repetitions: number | null;
  /** Study day of the last answer. */
  readonly lastStudyDay: string;
};

type Step = (state: ReviewState | null, answer: ReviewAnswer) => ReviewState;

const STEPS: Readonly<Record<Scheduler, Step>> = { 'fsrs-6': stepFsrs6, 'sm2-seed': stepSm2Seed, sm2: stepSm2 };

/**
 * The schedule of one question after its next answers, continued from the stored one or from `null`.
 * Formula: the scheduler's step for each answer; due = the answer's study day + interval.
 * Symbols: interval in days, 1 to 36,500.
 * Edge cases: null where there is neither a start nor an answer. Days between answers are max(0, difference of study
 * days), since flying west makes a later answer's day the earlier one. On the same day again `fsrs-6` takes its
 * short-term step, `sm2` keeps its schedule (by definition a day's repeats do not change it), and `sm2-seed`, which knows
 * no days, takes its next step. Folding in parts gives what folding at once gives.
 * Throws RangeError when the answers are not in canonical order, and on a start that another scheduler made: a late
 * answer or another scheduler replays the question from `null`. O(answers).
 */
export function foldReviews(
  scheduler: Scheduler,
  start: ReviewState | null,
  answers: readonly ReviewAnswer[],
): ReviewState | null {
  const step = STEPS[scheduler];
  let state = start;
  let previous: ReviewAnswer | null = null;
  for (const answer of answers) {
    if (previous !== null && compareCanonical(previous, answer) >= 0) {
      throw new RangeError(`answer ${answer.id} at ${answer.atMs} does not come after ${previous.id}`);
    }
    state = step(state, answer);
    previous = answer;
  }
  return state;
}

/**
 * Chance of recall on a study day, from the last answer on.
 * Edge cases: 1 on the day of the last answer and before; null where the scheduler keeps no model of memory.
 */
export function retrievabilityOn(
  { stability, lastStudyDay }: Pick<ReviewState, 'stability' | 'lastStudyDay'>,
  studyDay: string,
): number | null {
  return stability === null ? null : fsrsRetrievability(stability, elapsedStudyDays(lastStudyDay, studyDay));
}

/** Days between two answers in canonical order; 0 where the later one's study day is the earlier. */
export function elapsedStudyDays(from: string, to: string): number {
  return Math.max(0, daysBetween(from, to));
}

function stepFsrs6(state: ReviewState | null, answer: ReviewAnswer): ReviewState {
  const elapsedDays = state === null ? 0 : elapsedStudyDays(state.lastStudyDay, answer.studyDay);
  const memory = nextMemoryState(memoryOf(state), reviewRating(answer), elapsedDays);
  return { ...scheduled(answer, fsrsIntervalDays(memory.stability)), ...memory };
}

function stepSm2Seed(state: ReviewState | null, answer: ReviewAnswer): ReviewState {
  if (state !== null && (state.stability !== null || state.easiness !== null)) throw madeByAnother('sm2-seed');
  return scheduled(answer, nextSm2SeedInterval(state?.intervalDays ?? 0, answerQuality(answer)));
}

function stepSm2(state: ReviewState | null, answer: ReviewAnswer): ReviewState {
  const known = sm2StateOf(state);
  if (state !== null && elapsedStudyDays(state.lastStudyDay, answer.studyDay) === 0) {
    return { ...state, lastStudyDay: answer.studyDay };
  }
  const { easiness, repetitions, intervalDays } = nextSm2State(known, answerQuality(answer));
  return { ...scheduled(answer, intervalDays), easiness, repetitions };
}

function scheduled({ studyDay }: ReviewAnswer, days: number): ReviewState {
  const intervalDays = Math.min(days, MAX_INTERVAL_DAYS);
  const dueDay = addDays(studyDay, intervalDays);
  return {
    stability: null,
    difficulty: null,
    intervalDays,
    dueDay,
    easiness: null,
    repetitions: null,
    lastStudyDay: studyDay,
  };
}

function memoryOf(state: ReviewState | null) {
  if (state === null) return null;
  const { stability, difficulty } = state;
  if (stability === null || difficulty === null) throw madeByAnother('fsrs-6');
  return { stability, difficulty };
}

function sm2StateOf(state: ReviewState | null) {
  if (state === null) return null;
  const { easiness, repetitions, intervalDays } = state;
  if (easiness === null || repetitions === null) throw madeByAnother('sm2');
  return { easiness, repetitions, intervalDays };
}

function madeByAnother(scheduler: Scheduler): RangeError {
  return new RangeError(`a review state that ${scheduler} did not make: replay the question's answers`);
}
