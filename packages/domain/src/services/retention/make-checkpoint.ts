import { foldAnswers, foldReviews, emptyLearnerState, plainRules } from '../../algorithms/index.ts';
import type { ReviewState, Scheduler } from '../../algorithms/index.ts';
import type { Tx } from '../../database/index.ts';
import { listAnswersBefore } from '../../stores/answer-store.ts';
import type { StoredAnswer } from '../../stores/answer-store.ts';
import {
  findAnswerCounts,
  findCheckpoint,
  listOpenTopicDays,
  listStudiedBefore,
  saveCheckpoint,
} from '../../stores/checkpoint-store.ts';
import type { AnswerCounts } from '../../stores/checkpoint-store.ts';
import { getModelVersionOf } from '../../stores/progress-store.ts';
import type { ModelCache } from '../model-cache.ts';
import { boundaryMsOf } from './boundary.ts';
import { decodeCheckpoint, emptyReviews, encodeCheckpoint } from './checkpoint-state.ts';
import type { CheckpointState, Reviews, StudiedBounds } from './checkpoint-state.ts';

const fromTheFirst: CheckpointState = {
  learner: emptyLearnerState,
  reviews: emptyReviews,
  studied: new Map(),
  topicDays: [],
};

/**
 * Folds a learner's facts between their last checkpoint and the boundary into a new checkpoint. The learner must be locked and
 * up to date: the rows of days before the boundary are not computed again. Does nothing where the checkpoint is as late, or the
 * learner erased.
 * Throws where it does not account for every accepted answer, so that nothing is dropped that is not understood.
 */
export async function makeCheckpoint(
  tx: Tx,
  { userId, boundary, models }: { readonly userId: string; readonly boundary: string; readonly models: ModelCache },
): Promise<void> {
  const counts = await findAnswerCounts(tx, userId, boundary);
  if (counts === null) return;
  const stored = await findCheckpoint(tx, userId);
  if (stored !== null && stored.boundary >= boundary) return;
  const start = stored === null ? fromTheFirst : decodeCheckpoint(stored.state);
  const answers = await listAnswersBefore(tx, userId, {
    after: start.learner.cursor,
    beforeMs: boundaryMsOf(boundary),
  });
  // The state does not depend on materials: they matter to scores, and those are read from the days.
  const model = await models.get(tx, await getModelVersionOf(tx, userId));
  const { state: learner } = foldAnswers(start.learner, answers, { ...plainRules, model });
  requireEveryAnswer(counts, { userId, boundary, answers: learner.answers });
  const state = encodeCheckpoint({
    learner,
    reviews: {
      'fsrs-6': nextReviews('fsrs-6', start, answers),
      'sm2-seed': nextReviews('sm2-seed', start, answers),
      sm2: nextReviews('sm2', start, answers),
    },
    studied: joinBounds(start.studied, await listStudiedBefore(tx, userId, boundary)),
    topicDays: await listOpenTopicDays(tx, userId, boundary),
  });
  await saveCheckpoint(tx, userId, { boundary, answers: learner.answers, state });
}

type Counted = { readonly userId: string; readonly boundary: string; readonly answers: number };

function requireEveryAnswer({ accepted, left }: AnswerCounts, { userId, boundary, answers }: Counted): void {
  if (answers + left === accepted) return;
  throw new Error(
    `learner ${userId}: ${answers} answers before ${boundary} and ${left} from it on are not the ${accepted} accepted ones`,
  );
}

function nextReviews(scheduler: Scheduler, start: CheckpointState, answers: readonly StoredAnswer[]): Reviews {
  const reviews = new Map<string, ReviewState>(start.reviews[scheduler]);
  for (const [questionId, ofQuestion] of Map.groupBy(answers, (answer) => answer.questionId)) {
    const review = foldReviews(scheduler, reviews.get(questionId) ?? null, ofQuestion);
    if (review !== null) reviews.set(questionId, review);
  }
  return reviews;
}

function joinBounds(
  known: ReadonlyMap<string, StudiedBounds>,
  stored: readonly (StudiedBounds & { readonly topicId: string })[],
): ReadonlyMap<string, StudiedBounds> {
  const bounds = new Map(known);
  for (const { topicId, firstMs, lastMs } of stored) {
    const before = bounds.get(topicId);
    bounds.set(topicId, {
      firstMs: Math.min(before?.firstMs ?? firstMs, firstMs),
      lastMs: Math.max(before?.lastMs ?? lastMs, lastMs),
    });
  }
  return bounds;
}
