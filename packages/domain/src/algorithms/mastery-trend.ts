export type MasteryTrend = 'improving' | 'stable' | 'declining' | 'unknown';

const NOTICEABLE_CHANGE = 0.05;

/**
 * Where a topic is going: its mastery now against that of 14 days ago.
 * Edge cases: a change of exactly 0.05 is stable; unknown when either score is null.
 */
export function masteryTrend(score: number | null, scoreBefore: number | null): MasteryTrend {
  if (score === null || scoreBefore === null) return 'unknown';
  const change = score - scoreBefore;
  if (change > NOTICEABLE_CHANGE) return 'improving';
  return change < -NOTICEABLE_CHANGE ? 'declining' : 'stable';
}
