// Product and limit are measured in pairs, one right after the other, so that what else the machine does falls on both.

export type Quartiles = { readonly first: number; readonly median: number; readonly third: number };

/** Rates of one round: more is better. */
export type Pair = { readonly product: number; readonly limit: number };

export type PairedRatios = {
  /** Of `product / limit`, pair by pair. */
  readonly ratio: Quartiles;
  readonly product: number;
  readonly limit: number;
  readonly rounds: number;
};

/**
 * The value below which a share of the values lies.
 *
 * x[⌊h⌋] + (h − ⌊h⌋)(x[⌊h⌋ + 1] − x[⌊h⌋]), h = (n − 1) · share, over the sorted values
 *
 * share: 0 to 1. Throws RangeError for no values.
 * Source: Hyndman and Fan, "Sample quantiles in statistical packages", 1996, definition 7, the default of R and NumPy.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('no values');
  return below + (place - Math.floor(place)) * (above - below);
}

/** Median and quartiles of the paired ratios, and the median rate of each side. Throws RangeError for no pairs. */
export function summarisePairs(pairs: readonly Pair[]): PairedRatios {
  const ratios = pairs.map(({ product, limit }) => product / limit);
  return {
    ratio: { first: quantile(ratios, 0.25), median: quantile(ratios, 0.5), third: quantile(ratios, 0.75) },
    product: quantile(
      pairs.map(({ product }) => product),
      0.5,
    ),
    limit: quantile(
      pairs.map(({ limit }) => limit),
      0.5,
    ),
    rounds: pairs.length,
  };
}
