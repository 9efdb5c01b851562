import {
  elapsedStudyDays,
  foldReviews,
  retrievabilityOn,
  type Prediction,
  type ReviewAnswer,
  type ReviewState,
} from '@studyin/domain/algorithms';
import { readReference } from './reference-data.ts';

export type QuestionReview = ReviewAnswer & { readonly questionId: string };

/** The reviews of `data/reviews_josh.csv` in canonical order; a study day is the UTC date. */
export function readJoshReviews(): readonly QuestionReview[] {
  const rows = readReference('data/reviews_josh.csv').trim().split('\n').slice(1);
  return rows
    .map((row, index) => {
      const [, item = '', , correct, seconds] = row.split(',');
      const atMs = Number(seconds) * 1000;
      return {
        id: String(index).padStart(8, '0'),
        atMs,
        studyDay: new Date(atMs).toISOString().slice(0, 10),
        questionId: item,
        isCorrect: correct === '1',
        timeToAnswerSeconds: 10,
        confidenceLevel: null,
        hintUsed: false,
        explanationViewed: false,
      };
    })
    .sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
}

/** The chance of recall just before each review of a question whose last one was on an earlier study day. */
export function predictReviews(reviews: readonly QuestionReview[]): readonly Prediction[] {
  const states = new Map<string, ReviewState>();
  const predictions: Prediction[] = [];
  for (const review of reviews) {
    const before = states.get(review.questionId) ?? null;
    if (before !== null && elapsedStudyDays(before.lastStudyDay, review.studyDay) > 0) {
      predictions.push({ score: retrievabilityOn(before, review.studyDay) ?? NaN, isCorrect: review.isCorrect });
    }
    const after = foldReviews('fsrs-6', before, [review]);
    if (after !== null) states.set(review.questionId, after);
  }
  return predictions;
}
