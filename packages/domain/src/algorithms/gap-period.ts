import { materialProgressAt, type TopicMaterials } from './fold-answers.ts';
import type { MasteryModel } from './mastery-model.ts';
import { MASTERED_SCORE, type TopicState } from './mastery-v1.ts';
import { addDays, daysBetween, utcDayOf } from './study-day.ts';
import { scoreTopic } from './topic-score.ts';

const MS_PER_DAY = 86_400_000;
const RESOLVED_DAYS = 90;
const EPOCH = '1970-01-01';

/** A study day with an answer in the topic, and on which side of 0.8 the topic stood after the last of them. */
export type GapPoint = { readonly studyDay: string; readonly isGap: boolean };

export type GapHistory = {
  /**
   * By study day, oldest first; the first of equal neighbours and the last of all are enough. Empty where the topic was never
   * answered.
   */
  readonly points: readonly GapPoint[];
  readonly topicId: string;
  readonly state: TopicState;
  readonly model: MasteryModel;
  readonly materials: TopicMaterials | undefined;
  /** When `score` was evaluated. */
  readonly asOfMs: number;
  readonly score: number | null;
  /** The learner's, in any topic. */
  readonly firstStudyDay: string;
};

export type GapPeriod = {
  readonly identifiedOn: string;
  /** Null while the gap is open. */
  readonly resolvedOn: string | null;
};

/**
 * Since when a topic is a gap, and since when it is none any more, whatever order its answers arrived in.
 * Formula: identified on the first day of the last run of days that ended below 0.8, resolved on the first day of the run
 * at 0.8 or above after it.
 * Edge cases: a topic that no day ended below 0.8, never practised or mastered at once, is a gap since the learner's
 * first study day. A score that crossed 0.8 after the last answer, by forgetting or by a completed material, did so on the first
 * UTC day from whose end on it has been where it is. O(points + days since the last answer).
 */
export function gapPeriod(history: GapHistory): GapPeriod {
  const { firstStudyDay, score } = history;
  const isGap = isGapScore(score);
  const last = history.points.at(-1);
  const points =
    last === undefined || last.isGap === isGap
      ? history.points
      : [...history.points, { studyDay: laterOf(last.studyDay, dayOfCrossing(history, isGap)), isGap }];
  const now = startOfRun(points, points.length);
  if (isGap) return { identifiedOn: points[now]?.studyDay ?? firstStudyDay, resolvedOn: null };
  const before = points[startOfRun(points, now)];
  return {
    identifiedOn: before?.isGap === true ? before.studyDay : firstStudyDay,
    resolvedOn: points[now]?.studyDay ?? firstStudyDay,
  };
}

/** Whether a gap that was resolved on a day is still shown at `asOfMs`: for 90 days. */
export function isRecentlyResolved(resolvedOn: string, asOfMs: number): boolean {
  return resolvedOn >= addDays(utcDayOf(asOfMs), -RESOLVED_DAYS);
}

/** Below 0.8, or never practised. */
export function isGapScore(score: number | null): boolean {
  return score === null || score < MASTERED_SCORE;
}

/** Where the run begins that ends just before `end`; `end` itself where there is nothing before it. */
function startOfRun(points: readonly GapPoint[], end: number): number {
  let start = end;
  while (start > 0 && points[start - 1]?.isGap === points[end - 1]?.isGap) start -= 1;
  return start;
}

/** Goes back from `asOfMs`, midnight by midnight, while the score was on this side of 0.8 and the last answer lay before. */
function dayOfCrossing({ topicId, state, model, materials, asOfMs }: GapHistory, isGap: boolean): string {
  let day = utcDayOf(asOfMs);
  for (;;) {
    const midnightMs = daysBetween(EPOCH, day) * MS_PER_DAY;
    if (midnightMs <= (state.lastAtMs ?? asOfMs)) return day;
    const progress = materialProgressAt(materials, midnightMs);
    const { score } = scoreTopic(state, midnightMs, { topicId, progress, model });
    if (isGapScore(score) !== isGap) return day;
    day = addDays(day, -1);
  }
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}
