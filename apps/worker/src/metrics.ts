import type { Backlog } from '@studyin/domain/jobs';
import type { NightLag } from '@studyin/domain/services';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = {
  readonly contentType: string;
  /** The Prometheus text. */
  render(): Promise<string>;
  observeJob(job: string, outcome: 'completed' | 'failed', elapsedMs: number): void;
  /** Broken invariants that the nightly sample has found. */
  countDifferences(differences: number): void;
};

export type Standing = {
  readonly findBacklog: () => Promise<Backlog>;
  readonly findNightLag: () => Promise<readonly NightLag[]>;
};

/** The standing is asked for at each rendering; while the database is away its gauges are left out. */
export function createMetrics(standing: Standing): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const durations = new Histogram({
    name: 'studyin_worker_job_duration_seconds',
    help: 'Time of one job, by job and outcome.',
    labelNames: ['job', 'outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const differences = new Counter({
    name: 'studyin_verify_differences_total',
    help: 'Broken invariants that the nightly verification of a sample has found.',
    registers,
  });
  const collect = createGauges(registers, standing);
  return {
    contentType: registry.contentType,
    render: async () => {
      await collect().catch(() => undefined);
      return registry.metrics();
    },
    observeJob: (job, outcome, elapsedMs) => durations.observe({ job, outcome }, elapsedMs / 1000),
    countDifferences: (count) => differences.inc(count),
  };
}

function createGauges(registers: Registry[], { findBacklog, findNightLag }: Standing): () => Promise<void> {
  const jobs = new Gauge({
    name: 'studyin_update_learner_jobs',
    help: 'Unfinished update-learner jobs, by state.',
    labelNames: ['state'],
    registers,
  });
  const lag = new Gauge({
    name: 'studyin_derived_lag_seconds',
    help: 'Age of the oldest unfinished update-learner job.',
    registers,
  });
  const nights = new Gauge({
    name: 'studyin_nightly_lag_days',
    help: 'Nights that a step has not done though it is past 05:00 UTC.',
    labelNames: ['step'],
    registers,
  });
  return async () => {
    jobs.reset();
    lag.reset();
    nights.reset();
    const { waiting, active, dead, oldestSeconds } = await findBacklog();
    jobs.set({ state: 'waiting' }, waiting);
    jobs.set({ state: 'active' }, active);
    jobs.set({ state: 'dead' }, dead);
    lag.set(oldestSeconds);
    for (const { step, lagDays } of await findNightLag()) nights.set({ step }, lagDays);
  };
}
