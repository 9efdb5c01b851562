import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { addBatchMetrics, addSources } from './ingest/ingest-metrics.ts';
import type { MetricSources } from './ingest/ingest-metrics.ts';

export type Metrics = {
  readonly contentType: string;
  /** The Prometheus text. */
  render(): Promise<string>;
  observeCall(procedure: string, code: string, elapsedMs: number): void;
  countItem(status: string, reason: string | null): void;
  countAnswer(from: 'cache' | 'tables'): void;
  /** A group commit: its items, and the time from its start to the answers. */
  observeBatch(items: number, elapsedMs: number): void;
  /** What is asked at each scrape; once. */
  watch(sources: MetricSources): void;
};

/** Each server has a registry of its own, so that two in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const calls = new Histogram({
    name: 'studyin_api_call_duration_seconds',
    help: 'Time of a call, by procedure and code.',
    labelNames: ['procedure', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const items = new Counter({
    name: 'studyin_api_items_total',
    help: 'Tracked items by status; of the rejected, by reason.',
    labelNames: ['status', 'reason'],
    registers,
  });
  const answers = new Counter({
    name: 'studyin_api_dashboard_answers_total',
    help: 'Dashboard answers by where they came from.',
    labelNames: ['from'],
    registers,
  });
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    observeCall: (procedure, code, elapsedMs) => calls.observe({ procedure, code }, elapsedMs / 1000),
    countItem: (status, reason) => items.inc({ status, reason: reason ?? '' }),
    countAnswer: (from) => answers.inc({ from }),
    observeBatch: addBatchMetrics(registry),
    watch: (sources) => addSources(registry, sources),
  };
}
