import { compareCanonical, type Place } from './canonical-order.ts';

const MS_PER_DAY = 86_400_000;
/** Attempts that count as recent: so many of a topic, and none older. */
export const RECENT_DAYS = 30;
export const RECENT_ATTEMPTS = 20;

export type RecentAttempt = Place & { readonly topicId: string; readonly isCorrect: boolean };

export type RecentFailures = {
  readonly attempts: number;
  readonly wrong: number;
  /** wrong / attempts; null without attempts. */
  readonly rate: number | null;
};

export const NONE_OF_LATE: RecentFailures = { attempts: 0, wrong: 0, rate: null };

/**
 * How often the learner failed of late, from one topic's attempts in any order.
 * Formula: rate = wrong / attempts over the last 20 attempts, by canonical order, not older than 30 days at `asOfMs`.
 * Edge cases: attempts after `asOfMs` are ignored; an attempt exactly 30 days old counts. O(n log n).
 */
export function recentFailures(attempts: readonly RecentAttempt[], asOfMs: number): RecentFailures {
  const last = attempts
    .filter(({ atMs }) => atMs <= asOfMs && atMs >= asOfMs - RECENT_DAYS * MS_PER_DAY)
    .sort(compareCanonical)
    .slice(-RECENT_ATTEMPTS);
  const wrong = last.filter(({ isCorrect }) => !isCorrect).length;
  return { attempts: last.length, wrong, rate: last.length === 0 ? null : wrong / last.length };
}

/** `recentFailures` of every topic with an attempt among these, in any order. */
export function recentFailuresByTopic(
  attempts: readonly RecentAttempt[],
  asOfMs: number,
): ReadonlyMap<string, RecentFailures> {
  const ofTopics = Map.groupBy(attempts, ({ topicId }) => topicId);
  return new Map([...ofTopics].map(([topicId, own]) => [topicId, recentFailures(own, asOfMs)]));
}
