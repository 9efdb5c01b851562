import type { BenchCase } from '../bench.ts';
import type { Rounds } from './alternate-rounds.ts';
import { quantile } from './paired-ratios.ts';

export type Latencies = {
  add(round: { readonly p50Ms: number; readonly p99Ms: number }): void;
  /** Of the rounds so far, the one in the middle; null before the first. */
  median(): { readonly p50Ms: number | null; readonly p99Ms: number | null };
};

/** Keeps the latencies of a side's rounds. */
export function keepLatencies(): Latencies {
  const p50: number[] = [];
  const p99: number[] = [];
  const middle = (values: readonly number[]): number | null => (values.length === 0 ? null : quantile(values, 0.5));
  return {
    add: ({ p50Ms, p99Ms }) => {
      p50.push(p50Ms);
      p99.push(p99Ms);
    },
    median: () => ({ p50Ms: middle(p50), p99Ms: middle(p99) }),
  };
}

export type CaseText = {
  readonly name: string;
  readonly unit: string;
  /** The smallest ratio that is good enough. */
  readonly leastRatio: number;
};

/** What alternating rounds have found, as a case. */
export function caseOfRounds(
  { ratio, product, limit, rounds, failed }: Rounds,
  { name, unit, leastRatio }: CaseText,
  latencies: Latencies = keepLatencies(),
): BenchCase {
  return {
    name,
    unit,
    product,
    limit,
    ratio,
    goal: `≥ ${leastRatio.toFixed(2)}`,
    isReached: ratio.median >= leastRatio,
    rounds,
    failedRounds: failed.length,
    ...latencies.median(),
  };
}

export type CostText = Omit<CaseText, 'leastRatio'> & {
  /** The largest ratio that is good enough. */
  readonly mostRatio: number;
};

/** What alternating rounds have found of two costs, as a case: less is better. */
export function caseOfCosts(found: Rounds, { mostRatio, ...text }: CostText): BenchCase {
  return {
    ...caseOfRounds(found, { ...text, leastRatio: 0 }),
    goal: `≤ ${mostRatio.toFixed(2)}`,
    isReached: found.ratio.median <= mostRatio,
  };
}

export type Amount = {
  readonly name: string;
  readonly unit: string;
  /** What was found, once for each round. */
  readonly values: readonly number[];
  /** The most that is good enough. */
  readonly most: number;
  readonly failedRounds: number;
};

/** An amount against a bound, as a case: its limit is the bound, its ratio the share of it that is used. */
export function caseOfAmount(
  { name, unit, values, most, failedRounds }: Amount,
  latencies = keepLatencies(),
): BenchCase {
  const part = (share: number): number => quantile(values, share) / most;
  const product = quantile(values, 0.5);
  return {
    name,
    unit,
    product,
    limit: most,
    ratio: { first: part(0.25), median: part(0.5), third: part(0.75) },
    goal: `≤ ${most} ${unit}`,
    isReached: product <= most,
    rounds: values.length,
    failedRounds,
    ...latencies.median(),
  };
}
