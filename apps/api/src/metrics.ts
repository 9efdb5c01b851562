import type { OnStatement } from '@studyin/domain/database';
import { rejectReasons } from '@studyin/domain/events';
import type { ItemResult, Standing } from '@studyin/domain/services';
import { addPoolMetrics } from '@studyin/telemetry/pool-metrics';
import type { Pools } from '@studyin/telemetry/pool-metrics';
import { addStandingMetrics } from '@studyin/telemetry/standing-metrics';
import { watchStatements } from '@studyin/telemetry/statement-metrics';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { AnswerSource } from './cache.ts';
import { addBatchMetrics, addQueueMetrics } from './ingest/ingest-metrics.ts';
import type { Log } from '@studyin/telemetry/log';

export type Metrics = {
  readonly contentType: string;
  /** The Prometheus text. */
  render(): Promise<string>;
  observeCall(procedure: string, code: string, elapsedMs: number): void;
  countItem(status: string, reason: string | null): void;
  countAnswer(from: AnswerSource): void;
  /** A group commit: its items, and the time from its start to the answers. */
  observeBatch(items: number, elapsedMs: number): void;
  /** What is asked at each scrape; once. */
  watch(sources: MetricSources): void;
  /** Told of each statement; counts and logs the slow ones. */
  readonly onStatement: OnStatement;
};

export type MetricSources = {
  /** Items that wait for a commit or are in one. */
  readonly queued: () => number;
  /** As many may wait. */
  readonly queueItems: number;
  readonly pools: Pools;
  readonly findStanding: () => Promise<Standing>;
};

const unrefused = ['accepted', 'duplicate', 'conflict'] as const satisfies readonly ItemResult['status'][];
const sources = ['cache', 'tables', 'shared'] as const satisfies readonly AnswerSource[];

/** Each server has a registry of its own, so that two in one process do not meet. */
export function createMetrics(log: Pick<Log, 'warn'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  let ask = (): Promise<void> => Promise.resolve();
  return {
    contentType: registry.contentType,
    render: async () => {
      await ask();
      return registry.metrics();
    },
    ...addCallMetrics([registry]),
    observeBatch: addBatchMetrics(registry),
    watch: ({ queued, queueItems, pools, findStanding }) => {
      addQueueMetrics(registry, { queued, queueItems });
      addPoolMetrics(registry, pools);
      ask = addStandingMetrics(registry, findStanding);
    },
    onStatement: watchStatements(registry, log),
  };
}

function addCallMetrics(registers: Registry[]): Pick<Metrics, 'observeCall' | 'countItem' | 'countAnswer'> {
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
  // Prometheus sees no growth in a series that begins with its first items.
  for (const status of unrefused) items.inc({ status, reason: '' }, 0);
  for (const reason of rejectReasons) items.inc({ status: 'rejected', reason }, 0);
  for (const from of sources) answers.inc({ from }, 0);
  return {
    observeCall: (procedure, code, elapsedMs) => calls.observe({ procedure, code }, elapsedMs / 1000),
    countItem: (status, reason) => items.inc({ status, reason: reason ?? '' }),
    countAnswer: (from) => answers.inc({ from }),
  };
}
