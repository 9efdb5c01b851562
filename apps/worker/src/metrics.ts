import type { Backlog } from '@studyin/domain/jobs';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = {
  readonly contentType: string;
  /** The Prometheus text. */
  render(): Promise<string>;
  observeJob(job: string, outcome: 'completed' | 'failed', elapsedMs: number): void;
};

/** `findBacklog` is asked at each rendering; while the database is away the gauges of the queue are left out. */
export function createMetrics(findBacklog: () => Promise<Backlog>): Metrics {
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
  const collect = async (): Promise<void> => {
    jobs.reset();
    lag.reset();
    const { waiting, active, dead, oldestSeconds } = await findBacklog();
    jobs.set({ state: 'waiting' }, waiting);
    jobs.set({ state: 'active' }, active);
    jobs.set({ state: 'dead' }, dead);
    lag.set(oldestSeconds);
  };
  return {
    contentType: registry.contentType,
    render: async () => {
      await collect().catch(() => undefined);
      return registry.metrics();
    },
    observeJob: (job, outcome, elapsedMs) => durations.observe({ job, outcome }, elapsedMs / 1000),
  };
}
