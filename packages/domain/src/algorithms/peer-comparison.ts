// What may be said of a group without saying anything of one of its members. The 101 quantiles of a small group are nearly its
// members' own numbers, and two nights apart they show who came in between. So a caller gets deciles, rounded, of a publication
// that stands for a week, and their place is told from those deciles alone: moving one's own number up and down against them
// tells nothing that they do not.

const DECILES = [10, 20, 30, 40, 50, 60, 70, 80, 90] as const;
const SHARE_STEP = 0.05;
const LEARNERS_STEP = 10;
/** Minutes up to which a step of rounding holds. */
const MINUTE_STEPS = [
  { below: 60, step: 5 },
  { below: 240, step: 15 },
  { below: 960, step: 30 },
  { below: Infinity, step: 60 },
] as const;

export type PeerUnit = 'share' | 'minutes';

/** A distribution as the night computed it: `quantiles` are the 0th to the 100th percentile. */
export type PeerDistribution = { readonly learners: number; readonly quantiles: readonly number[] };

export type PublishedPeers = {
  /** Rounded down to tens. */
  readonly learners: number;
  /** The 10th to the 90th percentile, rounded to 0.05, or to 5 to 60 minutes by their size. */
  readonly deciles: readonly number[];
};

/** Between which percentiles a number lies: as far apart as its neighbours among the deciles. */
export type PeerPlace = { readonly percentileFrom: number; readonly percentileTo: number };

/**
 * The part of a distribution that is shown. Throws RangeError when there are not 101 quantiles.
 * Formula: the k-th decile is the quantile at 10 k, rounded to the nearest step.
 */
export function publishPeers({ learners, quantiles }: PeerDistribution, unit: PeerUnit): PublishedPeers {
  if (quantiles.length !== 101) throw new RangeError(`101 quantiles are needed, not ${quantiles.length}`);
  return {
    learners: Math.floor(learners / LEARNERS_STEP) * LEARNERS_STEP,
    deciles: DECILES.map((percent) => roundTo(quantiles[percent] ?? 0, unit)),
  };
}

function roundTo(value: number, unit: PeerUnit): number {
  // By division: 0.15 is then 3 / 20 and not 3 · 0.05.
  if (unit === 'share') return Math.round(value / SHARE_STEP) / (1 / SHARE_STEP);
  const step = MINUTE_STEPS.find(({ below }) => value < below)?.step ?? 1;
  return Math.round(value / step) * step;
}

/**
 * Where a number lies among published deciles: percentileFrom = 10 · deciles below it, percentileTo = 10 · (deciles not above
 * it + 1), at most 100. Edge case: equal to several deciles, it lies anywhere between them.
 */
export function placeAmongPeers(value: number, { deciles }: PublishedPeers): PeerPlace {
  const below = deciles.filter((decile) => decile < value).length;
  const notAbove = deciles.filter((decile) => decile <= value).length;
  return { percentileFrom: 10 * below, percentileTo: Math.min(100, 10 * (notAbove + 1)) };
}
