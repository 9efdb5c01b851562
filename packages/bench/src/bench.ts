// What a benchmark is: a name, what it needs, and what it found.
import type { Quartiles } from './measure/paired-ratios.ts';

export type BenchOptions = {
  /** Pairs of rounds that must count. */
  readonly rounds: number;
  /** Length of one side of a round, where the bench goes by time. */
  readonly seconds: number;
  /** Learners or events, see `sizeUnit`. */
  readonly size: number;
};

export type BenchContext = BenchOptions & {
  /** The checkout. */
  readonly root: string;
  /** This run's own folder, removed when it ends. */
  readonly folder: string;
  /** Where filled databases stay for later runs; null: nowhere. */
  readonly keep: string | null;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
};

/** One thing measured. */
export type BenchCase = {
  readonly name: string;
  readonly unit: string;
  /** Median rate of the product, or its amount where there are no rounds. */
  readonly product: number;
  readonly limit: number;
  readonly ratio: Quartiles;
  /** What is to be reached, for people: `≥ 0.50`. */
  readonly goal: string;
  readonly isReached: boolean;
  /** Pairs that counted, and those that did not. */
  readonly rounds: number;
  readonly failedRounds: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
};

export type BenchResult = {
  /** The first one is the bench's own figure. */
  readonly cases: readonly [BenchCase, ...BenchCase[]];
  /** Highest resident memory of the process measured; null where the system does not tell. */
  readonly rssMb: number | null;
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
};

export type Bench = {
  readonly name: string;
  readonly summary: string;
  readonly defaults: BenchOptions;
  /** What `size` counts; learners where it does not say. */
  readonly sizeUnit?: 'events';
  readonly run: (context: BenchContext) => Promise<BenchResult>;
};
