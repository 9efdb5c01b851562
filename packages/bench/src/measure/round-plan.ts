// How much to prepare for the next round of a side: what it did in its last one, and a third more.
import type { Measured, Side } from './alternate-rounds.ts';

export type RoundPlan = {
  /** Seed and calls of the next round; a seed never comes twice, so that no round finds its answers stored. */
  next(side: Side): { readonly seed: string; readonly calls: number };
  /** Notes a rate; answers it unchanged. */
  learn(side: Side, measured: Measured): Measured;
};

export type PlanOptions = {
  readonly name: string;
  readonly seconds: number;
  readonly attemptsACall: number;
  /** Attempts a second, before anything is known. */
  readonly firstRate: number;
};

const HEADROOM = 4 / 3;
const FEWEST_CALLS = 8;

export function createRoundPlan({ name, seconds, attemptsACall, firstRate }: PlanOptions): RoundPlan {
  const rates = { product: firstRate, limit: firstRate };
  let made = 0;
  return {
    next: (side) => {
      made += 1;
      const calls = Math.ceil((rates[side] * seconds * HEADROOM) / attemptsACall);
      return { seed: `${name}/${side}/${made}`, calls: Math.max(FEWEST_CALLS, calls) };
    },
    learn: (side, measured) => {
      if (measured.fault === null) rates[side] = Math.max(rates[side], measured.rate);
      return measured;
    },
  };
}
