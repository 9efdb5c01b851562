// The columns of a topic's row that move with time, read off the fold's state at a given instant.
import { addDays, masteryTrend, retrievalStrength, scoreTopic, utcDayOf } from '../algorithms/index.ts';
import type { MasteryModel, MasteryTrend, MaterialProgress, TopicState } from '../algorithms/index.ts';

const TREND_DAYS = 14;

export type TopicAtTime = {
  readonly topicId: string;
  readonly model: MasteryModel;
  readonly state: TopicState;
  /** Materials of the topic at that time. */
  readonly progress: MaterialProgress;
  /** Mastery after the last answer of the latest day up to `trendDayAt`; null where there is none. */
  readonly scoreBefore: number | null;
};

export type TopicScoreColumns = {
  readonly mastery_score: number | null;
  readonly score_v1: number | null;
  readonly score_v2: number | null;
  readonly retrieval_strength: number | null;
  readonly mastery_trend: MasteryTrend;
};

/** The day whose mastery the trend at `atMs` is told against. */
export function trendDayAt(atMs: number): string {
  return addDays(utcDayOf(atMs), -TREND_DAYS);
}

export function topicScoreAt(atMs: number, { state, scoreBefore, ...topic }: TopicAtTime): TopicScoreColumns {
  const { score, scoreV1, scoreV2 } = scoreTopic(state, atMs, topic);
  return {
    mastery_score: score,
    score_v1: scoreV1,
    score_v2: scoreV2,
    retrieval_strength: score === null ? null : retrievalStrength(state, atMs),
    mastery_trend: masteryTrend(score, scoreBefore),
  };
}
