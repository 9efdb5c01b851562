// What the fold of all answers stands on, and the progress and schedule of each question that it gives.
import { foldReviews } from '../../algorithms/index.ts';
import type { FoldedAnswers, MaterialsByTopic, ReviewState, Scheduler } from '../../algorithms/index.ts';
import type { Row } from '../../stores/verify-tables.ts';
import { endsReading } from './learner-facts.ts';
import type { LearnerFacts } from './learner-facts.ts';
import type { Past } from './past.ts';

export const CALCULATION_VERSION = 1;

/** Topic → its materials in today's curriculum; a topic without any is absent. */
export type MaterialIds = ReadonlyMap<string, readonly string[]>;

/** Materials of each topic by the curriculum, with the times at which the learner completed them as a whole. */
export function materialsOf(
  { events }: LearnerFacts,
  { idsByTopic, past }: { readonly idsByTopic: MaterialIds; readonly past: Past | null },
): MaterialsByTopic {
  const completedAt = new Map(past?.completedAt);
  for (const event of events) {
    const { materialId, chunkId, atMs } = event;
    if (materialId === null || chunkId !== null || completedAt.has(materialId) || !endsReading(event)) continue;
    completedAt.set(materialId, atMs);
  }
  return new Map(
    [...idsByTopic].map(([topicId, ids]) => {
      const completedAtMs = ids.flatMap((id) => completedAt.get(id) ?? []).sort((a, b) => a - b);
      return [topicId, { total: ids.length, completedAtMs }];
    }),
  );
}

export type Reviews = ReadonlyMap<string, ReviewState>;

/** The schedule of each question, by all its answers from the first on; those before the checkpoint are in it. */
export function reviewsOf(
  attempts: LearnerFacts['attempts'],
  { scheduler, past }: { readonly scheduler: Scheduler; readonly past: Past | null },
): Reviews {
  const reviews = new Map(past?.reviews[scheduler]);
  for (const [questionId, answers] of Map.groupBy(attempts, (attempt) => attempt.questionId)) {
    const review = foldReviews(scheduler, reviews.get(questionId) ?? null, answers);
    if (review !== null) reviews.set(questionId, review);
  }
  return reviews;
}

export type QuestionInput = {
  readonly fold: FoldedAnswers;
  readonly reviews: Reviews;
  readonly scheduler: Scheduler;
  readonly past: Past | null;
};

export function expectedQuestionProgress(
  userId: string,
  { fold, reviews, scheduler, past }: QuestionInput,
): readonly Row[] {
  return [...fold.state.questions].map(([questionId, question]) => {
    const review = reviews.get(questionId);
    return {
      user_id: userId,
      question_id: questionId,
      topic_id: question.topicId,
      attempts: question.attempts,
      correct: question.correct,
      first_attempt_id: question.firstId,
      first_attempt_at: question.firstAtMs,
      first_study_day: question.firstStudyDay,
      first_correct: question.firstCorrect,
      last_attempt_id: question.lastId,
      last_attempt_at: question.lastAtMs,
      last_study_day: question.lastStudyDay,
      last_correct: question.lastCorrect,
      stability: review?.stability ?? null,
      difficulty: review?.difficulty ?? null,
      interval_days: review?.intervalDays ?? null,
      due_day: review?.dueDay ?? null,
      easiness: review?.easiness ?? null,
      repetitions: review?.repetitions ?? null,
      theta: question.theta,
      scheduler,
      checkpoint_attempts: past?.learner.questions.get(questionId)?.attempts ?? 0,
      calculation_version: CALCULATION_VERSION,
      as_of: question.lastAtMs,
    };
  });
}
