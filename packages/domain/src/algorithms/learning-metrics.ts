import { isMastered, type Evidence } from './mastery-v1.ts';
import { computeStreaks, isAlive, type Streaks } from './streaks.ts';
import { addDays } from './study-day.ts';
import { sumDays, type SummedDay } from './weekly-stats.ts';

/** The `calculation_version` of an overview: 2 has readiness, 1 had none yet. */
export const METRICS_VERSION = 2;
const WEAK_SCORE = 0.3;
const FOCUS_TOPICS = 5;

export type TopicScore = {
  readonly topicId: string;
  readonly score: number | null;
  readonly evidence: Evidence;
};

export type MetricsFacts = {
  /** All daily rows of the learner. */
  readonly days: readonly SummedDay[];
  /** All topic-daily rows of the learner. */
  readonly topicDays: readonly { readonly topicId: string; readonly studyDay: string }[];
  readonly topics: readonly TopicScore[];
  readonly asOfDay: string;
};

export type WindowMetrics = {
  readonly activeSeconds: number;
  readonly sessions: number;
  readonly activeDays: number;
  readonly questions: number;
  readonly correct: number;
  readonly accuracy: number | null;
  readonly xp: number;
  /** Distinct topics with a topic-daily row. */
  readonly topics: number;
};

export type LearningMetrics = {
  readonly last7Days: WindowMetrics;
  readonly last30Days: WindowMetrics;
  readonly last90Days: WindowMetrics;
  readonly allTime: WindowMetrics;
  readonly streaks: Streaks;
  readonly meanMastery: number | null;
  readonly topicsMastered: number;
  readonly topicsInProgress: number;
  readonly topicsWeak: number;
  readonly focusTopics: readonly string[];
};

/**
 * A learner's overview as of a study day, from rows in any order.
 * Formula: a window of n days ends with `asOfDay` and begins n − 1 days before; all time has no beginning.
 * Topics with a score are mastered (≥ 0.8 on enough evidence), weak (< 0.3) or in progress (the rest); focus topics are
 * the five of lowest score, ties by id.
 * Edge cases: rows after `asOfDay` are ignored; topics without a score count nowhere; meanMastery is null without any.
 */
export function computeLearningMetrics(facts: MetricsFacts): LearningMetrics {
  return {
    last7Days: windowOf(facts, addDays(facts.asOfDay, -6)),
    last30Days: windowOf(facts, addDays(facts.asOfDay, -29)),
    last90Days: windowOf(facts, addDays(facts.asOfDay, -89)),
    allTime: windowOf(facts, ''),
    streaks: computeStreaks(facts.days, facts.asOfDay),
    ...summarizeTopics(facts.topics),
  };
}

/** What of an overview does not change when time alone passes, and the day it was computed as of. */
export type StoredOverview = {
  readonly asOfDay: string;
  readonly allTime: WindowMetrics;
  readonly streaks: Streaks;
};

/**
 * A learner's overview moved to `facts.asOfDay`, from the stored one and the rows of the 90 days that end on it: what
 * `computeLearningMetrics` gives on all rows, where no row has changed since.
 * Edge cases: a streak that was broken before is not alive later; the same day gives the same overview but for topics.
 * Throws RangeError when `facts.asOfDay` is before the stored day. O(rows of 90 days + topics).
 */
export function moveLearningMetrics(stored: StoredOverview, facts: MetricsFacts): LearningMetrics {
  const { asOfDay } = facts;
  if (asOfDay < stored.asOfDay) throw new RangeError(`an overview of ${stored.asOfDay} cannot be moved to ${asOfDay}`);
  const { current, longest, lastStudyDay } = stored.streaks;
  return {
    last7Days: windowOf(facts, addDays(asOfDay, -6)),
    last30Days: windowOf(facts, addDays(asOfDay, -29)),
    last90Days: windowOf(facts, addDays(asOfDay, -89)),
    allTime: stored.allTime,
    streaks: { current: isAlive(lastStudyDay, asOfDay) ? current : 0, longest, lastStudyDay },
    ...summarizeTopics(facts.topics),
  };
}

function windowOf({ days, topicDays, asOfDay }: MetricsFacts, fromDay: string): WindowMetrics {
  const isWithin = (row: { readonly studyDay: string }): boolean => row.studyDay >= fromDay && row.studyDay <= asOfDay;
  const sums = sumDays(days.filter(isWithin));
  return {
    activeSeconds: sums.activeSeconds,
    sessions: sums.sessions,
    activeDays: sums.activeDays,
    questions: sums.questionsAttempted,
    correct: sums.questionsCorrect,
    accuracy: sums.accuracy,
    xp: sums.xpEarned,
    topics: new Set(topicDays.filter(isWithin).map((row) => row.topicId)).size,
  };
}

function summarizeTopics(topics: readonly TopicScore[]) {
  // One order, so that the sum of scores does not depend on that of the rows.
  const scored = topics
    .flatMap(({ topicId, score, evidence }) => (score === null ? [] : [{ topicId, score, evidence }]))
    .sort((a, b) => a.score - b.score || (a.topicId < b.topicId ? -1 : 1));
  const sum = scored.reduce((total, topic) => total + topic.score, 0);
  const topicsMastered = scored.filter((topic) => isMastered(topic.score, topic.evidence)).length;
  const topicsWeak = scored.filter((topic) => topic.score < WEAK_SCORE).length;
  return {
    meanMastery: scored.length === 0 ? null : sum / scored.length,
    topicsMastered,
    topicsInProgress: scored.length - topicsMastered - topicsWeak,
    topicsWeak,
    focusTopics: scored.slice(0, FOCUS_TOPICS).map((topic) => topic.topicId),
  };
}
