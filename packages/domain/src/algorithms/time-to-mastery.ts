import { logOdds } from './mastery-model.ts';
import { MASTERED_SCORE } from './mastery-v1.ts';
import { addDays, daysBetween } from './study-day.ts';

const PACE_DAYS = 28;
const MIN_POINTS = 3;
const LONGEST_DAYS = 365;
// A score of 0 or 1 has no log-odds.
const NEAREST_TO_CERTAIN = 0.005;

export type MasteryPoint = {
  readonly studyDay: string;
  /** Mastery after the last answer of the day. */
  readonly mastery: number;
};

export type TimeToMastery =
  /** `days` from the first answered day to the one that first ended mastered. */
  | { readonly state: 'mastered'; readonly days: number }
  /** `days` from `asOfDay` on, at the pace of the last four weeks. */
  | { readonly state: 'on_the_way'; readonly days: number }
  /** Fewer than three answered days in four weeks, no progress in them, or more than a year to go. */
  | { readonly state: 'unknown'; readonly why: 'few_days' | 'no_progress' | 'too_far' };

/**
 * How long a topic took to master, or will take. `points` are its answered days in order of time, `score` its mastery now.
 * Formula: least squares of the log-odds of mastery over the points of the 28 days up to `asOfDay`; days = (logit 0.8 − logit
 * score)/slope, rounded up. Log-odds, because the last tenth takes longer than the one before.
 * Edge cases: mastered now counts as mastered, whenever that was; scores are kept within [0.005, 0.995].
 */
export function timeToMastery(points: readonly MasteryPoint[], score: number, asOfDay: string): TimeToMastery {
  const [first] = points;
  if (score >= MASTERED_SCORE) {
    const reached = points.find(({ mastery }) => mastery >= MASTERED_SCORE)?.studyDay ?? asOfDay;
    return { state: 'mastered', days: first === undefined ? 0 : daysBetween(first.studyDay, reached) };
  }
  const from = addDays(asOfDay, -PACE_DAYS);
  const recent = points.filter(({ studyDay }) => studyDay > from && studyDay <= asOfDay);
  if (recent.length < MIN_POINTS) return { state: 'unknown', why: 'few_days' };
  const slope = slopeOf(recent.map(({ studyDay, mastery }) => [daysBetween(from, studyDay), boundedLogOdds(mastery)]));
  if (!(slope > 0)) return { state: 'unknown', why: 'no_progress' };
  const days = Math.ceil((logOdds(MASTERED_SCORE) - boundedLogOdds(score)) / slope);
  return days > LONGEST_DAYS ? { state: 'unknown', why: 'too_far' } : { state: 'on_the_way', days: Math.max(1, days) };
}

function boundedLogOdds(score: number): number {
  return logOdds(Math.min(1 - NEAREST_TO_CERTAIN, Math.max(NEAREST_TO_CERTAIN, score)));
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
