/** Spearman's ρ: Pearson's correlation of the ranks, ties at their mean rank. */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number {
  const a = ranksOf(pairs.map(([x]) => x));
  const b = ranksOf(pairs.map(([, y]) => y));
  const mean = (pairs.length - 1) / 2;
  const products = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, rank, index) => sum + (rank - mean) * ((y[index] ?? mean) - mean), 0);
  return products(a, b) / Math.sqrt(products(a, a) * products(b, b));
}

function ranksOf(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((x, y) => x - y);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [rank, value] of sorted.entries()) {
    if (!first.has(value)) first.set(value, rank);
    last.set(value, rank);
  }
  return values.map((value) => ((first.get(value) ?? 0) + (last.get(value) ?? 0)) / 2);
}
