// How dashboards write what tables hold.

/** Seconds as minutes with one decimal. */
export function minutesOf(seconds: number): number {
  return Math.round(seconds / 6) / 10;
}

/** The latest of some study days, or of some instants in one writing; null where there is none. */
export function latestOf<Text extends string>(texts: readonly (Text | null)[]): Text | null {
  return texts.reduce((latest, text) => (latest === null || (text !== null && text > latest) ? text : latest), null);
}

/** Share right; null without attempts. */
export function accuracyOf(correct: number, attempts: number): number | null {
  return attempts === 0 ? null : correct / attempts;
}
