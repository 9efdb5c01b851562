// The schedules half of the fold: each answered question goes on from its stored state, or is replayed from its first answer.
import { foldReviews } from '../../algorithms/index.ts';
import type { ReviewState, Scheduler } from '../../algorithms/index.ts';
import type { StoredAnswer } from '../../stores/answer-store.ts';

/**
 * The review state of every question in `start` or `answers`. `start` holds the states to go on from: the stored ones of those
 * answered again, or where the fold began anew those of the learner's checkpoint, and then `answers` are all that came after it.
 */
export function scheduleReviews(
  scheduler: Scheduler,
  start: ReadonlyMap<string, ReviewState>,
  answers: readonly StoredAnswer[],
): ReadonlyMap<string, ReviewState> {
  const scheduled = new Map(start);
  for (const [questionId, ofQuestion] of Map.groupBy(answers, (answer) => answer.questionId)) {
    const state = foldReviews(scheduler, scheduled.get(questionId) ?? null, ofQuestion);
    if (state !== null) scheduled.set(questionId, state);
  }
  return scheduled;
}
