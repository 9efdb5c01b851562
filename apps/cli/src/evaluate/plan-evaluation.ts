import type { EvaluatedAnswer } from '@studyin/domain/algorithms';
import type { LoggedAnswer } from '../replay/read-answer-log.ts';

export type EvaluationPlan = {
  /** In time order; answers of one time in the order of the file. */
  readonly answers: readonly EvaluatedAnswer[];
  /** False where `t` counts answers: then all of them lie at one instant. */
  readonly isTimed: boolean;
  readonly learners: number;
  /** Null where the log names none. */
  readonly questions: number | null;
  readonly topics: number;
};

// Unix seconds of March 1973: no answer log is as old, and no count of answers as large.
const EARLIEST_SECONDS = 100_000_000;

/** Pure. O(n log n). */
export function planEvaluation(log: readonly LoggedAnswer[]): EvaluationPlan {
  const isTimed = log.some(({ t }) => t >= EARLIEST_SECONDS);
  const inOrder = log.toSorted((a, b) => a.t - b.t);
  const hasItems = log.some(({ item }) => !item.startsWith('#'));
  return {
    answers: inOrder.map(({ user, item, skill, isCorrect, t }) => ({
      learnerId: user,
      questionId: item,
      topicId: skill,
      isCorrect,
      atMs: isTimed ? t * 1000 : 0,
    })),
    isTimed,
    learners: distinct(log, ({ user }) => user),
    questions: hasItems ? distinct(log, ({ item }) => item) : null,
    topics: distinct(log, ({ skill }) => skill),
  };
}

function distinct(log: readonly LoggedAnswer[], read: (answer: LoggedAnswer) => string): number {
  return new Set(log.map(read)).size;
}
