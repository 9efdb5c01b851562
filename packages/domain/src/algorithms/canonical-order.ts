export type Place = { readonly atMs: number; readonly id: string };

/**
 * Negative when `a` comes before `b` in canonical order (atMs, id), 0 when they are the same fact.
 * Ids are lower-case UUID text, whose string order is PostgreSQL's order of `uuid`.
 */
export function compareCanonical(a: Place, b: Place): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
