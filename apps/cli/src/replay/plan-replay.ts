// From a log to events: ids that are always the same, times moved by whole weeks, sessions cut at pauses.
import { basename, extname } from 'node:path';
import { deterministicUuid, eventIdFor } from '@studyin/domain/events';
import type { LoggedAnswer } from './read-answer-log.ts';

export type PlannedAnswer = {
  readonly eventId: string;
  readonly atMs: number;
  readonly userId: string;
  readonly sessionId: string;
  readonly questionId: string;
  readonly topicId: string;
  readonly isCorrect: boolean;
  readonly timeToAnswerSeconds: number;
};

export type PlannedTopic = { readonly id: string; readonly skill: string };

export type ReplayPlan = {
  /** In canonical order over all learners. */
  readonly answers: readonly PlannedAnswer[];
  readonly topics: readonly PlannedTopic[];
  readonly learners: number;
};

export type PlanOptions = {
  /** Keeps two logs whose users have the same numbers apart. */
  readonly logName: string;
  /** Added to every time. */
  readonly shiftMs: number;
  /** Only the first so many users of the file. */
  readonly limitUsers: number | null;
};

const WEEK_MS = 7 * 86_400_000;
const SESSION_GAP_MS = 30 * 60_000;

/** A log is known by its file's name without the ending. */
export function logNameOf(file: string): string {
  return basename(file, extname(file));
}

/** The whole weeks that bring the last answer of the log into the seven days up to `endMs`. */
export function shiftTo(log: readonly LoggedAnswer[], endMs: number): number {
  const lastMs = log.reduce((last, { t }) => Math.max(last, t), 0) * 1000;
  return Math.floor((endMs - lastMs) / WEEK_MS) * WEEK_MS;
}

/** Pure: the same log and options give the same plan. O(n log n). */
export function planReplay(log: readonly LoggedAnswer[], { logName, shiftMs, limitUsers }: PlanOptions): ReplayPlan {
  const byUser = [...Map.groupBy(log, ({ user }) => user)].slice(0, limitUsers ?? Infinity);
  const idOf = (kind: string, text: string): string =>
    deterministicUuid(`studyin:replay:${kind}`, `${logName}/${text}`);
  const answers = byUser.flatMap(([user, ofUser]) => planLearner(ofUser, { user, logName, shiftMs, idOf }));
  const skills = new Set(byUser.flatMap(([, ofUser]) => ofUser.map(({ skill }) => skill)));
  return {
    answers: answers.sort((a, b) => a.atMs - b.atMs || (a.eventId < b.eventId ? -1 : 1)),
    topics: [...skills].map((skill) => ({ id: idOf('topic', skill), skill })),
    learners: byUser.length,
  };
}

type LearnerOptions = Pick<PlanOptions, 'logName' | 'shiftMs'> & {
  readonly user: string;
  readonly idOf: (kind: string, text: string) => string;
};

function planLearner(
  log: readonly LoggedAnswer[],
  { user, logName, shiftMs, idOf }: LearnerOptions,
): readonly PlannedAnswer[] {
  const inOrder = log.toSorted((a, b) => a.t - b.t); // stable: answers of one second keep the order of the file
  const userId = idOf('learner', user);
  let previousMs = -Infinity;
  let session = '';
  return inOrder.map((answer) => {
    // A millisecond apart, so that the canonical order is the file's.
    const atMs = Math.max(answer.t * 1000 + shiftMs, previousMs + 1);
    if (atMs - previousMs > SESSION_GAP_MS) session = idOf('session', `${user}/${answer.t}`);
    const nth = atMs - (answer.t * 1000 + shiftMs);
    previousMs = atMs;
    return {
      eventId: eventIdFor(atMs, `${logName}/${user}/${answer.t}/${nth}`),
      atMs,
      userId,
      sessionId: session,
      questionId: idOf('question', answer.item),
      topicId: idOf('topic', answer.skill),
      isCorrect: answer.isCorrect,
      timeToAnswerSeconds: (answer.responseMs ?? 0) / 1000,
    };
  });
}
