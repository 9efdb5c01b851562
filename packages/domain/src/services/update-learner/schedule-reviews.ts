// The schedules half of the fold: each answered question goes on from its stored state, or is replayed from its first answer.
import { foldReviews } from '../../algorithms/index.ts';
import type { ReviewState, Scheduler } from '../../algorithms/index.ts';
import type { StoredAnswer } from '../../stores/answer-store.ts';

/**
 * The review state of every answered question. `start` holds the stored states of those among them that had been answered
 * before; empty where the fold began anew, and then `answers` are all there are.
 */
export function scheduleReviews(
  scheduler: Scheduler,
  start: ReadonlyMap<string, ReviewState>,
  answers: readonly StoredAnswer[],
): ReadonlyMap<string, ReviewState> {
  const scheduled = new Map<string, ReviewState>();
  for (const [questionId, ofQuestion] of Map.groupBy(answers, (answer) => answer.questionId)) {
    const state = foldReviews(scheduler, start.get(questionId) ?? null, ofQuestion);
    if (state !== null) scheduled.set(questionId, state);
  }
  return scheduled;
}
