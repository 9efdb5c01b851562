export type ClockReading = {
  /** The device's clock when the call went out, and when its answer was here. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  readonly serverTimeMs: number;
};

/**
 * How far the server's clock is ahead of the device's, in milliseconds.
 *
 * The server read its clock somewhere between sending and receiving, so one reading bounds the offset from both sides. What is
 * known already is kept as long as it lies within: a new estimate for each answer would shuffle events a few milliseconds apart.
 */
export function learnOffset(knownMs: number, { sentAtMs, receivedAtMs, serverTimeMs }: ClockReading): number {
  const least = serverTimeMs - receivedAtMs;
  const most = serverTimeMs - sentAtMs;
  // Not comparable: no time in the answer, or the device's clock was set while the call was under way.
  if (!(least <= most)) return knownMs;
  return least <= knownMs && knownMs <= most ? knownMs : Math.round((least + most) / 2);
}
