// How well mastery-v1 forecasts this log: each answer predicted by the score just before it, with the product's own functions.
import { auc, predictAnswers, utcDayOf } from '@studyin/domain/algorithms';
import type { PlannedAnswer } from './plan-replay.ts';

export type ReplayQuality = {
  /** Over all answers, no score counted as 0; null where all answers are right, or all wrong. */
  readonly masteryV1: number | null;
  /** Over answers in topics that the learner had practised before. */
  readonly masteryV1Practised: number | null;
};

/** `answers` in canonical order. */
export function predictReplay(answers: readonly PlannedAnswer[]): ReplayQuality {
  const learners = Map.groupBy(answers, ({ userId }) => userId);
  const predictions = [...learners.values()].flatMap((ofLearner) =>
    predictAnswers(
      ofLearner.map(({ eventId, atMs, ...answer }) => ({ ...answer, id: eventId, atMs, studyDay: utcDayOf(atMs) })),
      new Map(),
    ),
  );
  const rated = predictions.map(({ score, isCorrect, practised }) => ({ score: score ?? 0, isCorrect, practised }));
  return { masteryV1: round(auc(rated)), masteryV1Practised: round(auc(rated.filter(({ practised }) => practised))) };
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6;
}
