export type Quartiles = { readonly lower: number; readonly median: number; readonly upper: number };

/**
 * The quartiles of some numbers in any order; null without any.
 * Formula: the value at place q · (n − 1), between two values by linear interpolation (as `percentile_cont` in PostgreSQL).
 * O(n log n).
 */
export function quartilesOf(values: readonly number[]): Quartiles | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number): number => {
    const place = q * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place - Math.floor(place));
  };
  return sorted.length === 0 ? null : { lower: at(0.25), median: at(0.5), upper: at(0.75) };
}
