import type { OnStatement } from '@studyin/domain/database';
import type { Standing } from '@studyin/domain/services';
import { addPoolMetrics } from '@studyin/telemetry/pool-metrics';
import type { Pools } from '@studyin/telemetry/pool-metrics';
import { addStandingMetrics } from '@studyin/telemetry/standing-metrics';
import { watchStatements } from '@studyin/telemetry/statement-metrics';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Log } from '@studyin/telemetry/log';

export type Metrics = {
  readonly contentType: string;
  /** The Prometheus text. */
  render(): Promise<string>;
  observeJob(queue: string, outcome: 'completed' | 'failed', elapsedMs: number): void;
  /** Broken invariants that the nightly sample has found. */
  countDifferences(differences: number): void;
  /** Told of each statement; counts and logs the slow ones. */
  readonly onStatement: OnStatement;
  /** What is asked at each scrape; once. */
  watch(sources: Sources): void;
};

export type Sources = { readonly pools: Pools; readonly findStanding: () => Promise<Standing> };

export function createMetrics(log: Pick<Log, 'warn'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const durations = new Histogram({
    name: 'studyin_worker_job_duration_seconds',
    help: 'Time of one job, by queue and outcome.',
    // not `job`: Prometheus writes its own label of that name over it
    labelNames: ['queue', 'outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    registers,
  });
  const differences = new Counter({
    name: 'studyin_verify_differences_total',
    help: 'Broken invariants that the nightly verification of a sample has found.',
    registers,
  });
  let ask = (): Promise<void> => Promise.resolve();
  return {
    contentType: registry.contentType,
    render: async () => {
      await ask();
      return registry.metrics();
    },
    observeJob: (queue, outcome, elapsedMs) => durations.observe({ queue, outcome }, elapsedMs / 1000),
    countDifferences: (count) => differences.inc(count),
    onStatement: watchStatements(registry, log),
    watch: ({ pools, findStanding }) => {
      addPoolMetrics(registry, pools);
      ask = addStandingMetrics(registry, findStanding);
    },
  };
}
