import { emptyTopicState, foldAnswer, masteryV1 } from '@studyin/domain/algorithms';

const DAY_MS = 86_400_000;

/** Mastery of a topic without materials after one answer a day: at the last answer, and a week after it. */
export function scoreTopic(answers: readonly boolean[]): readonly (number | null)[] {
  const state = answers.reduce(
    (topic, isCorrect, day) =>
      foldAnswer(topic, { isCorrect, isFirstAttempt: true, atMs: day * DAY_MS, timeToAnswerSeconds: 30 }),
    emptyTopicState,
  );
  const lastAtMs = state.lastAtMs ?? 0;
  return [0, 7].map((days) => masteryV1(state, lastAtMs + days * DAY_MS, { total: 0, completed: 0 }));
}
