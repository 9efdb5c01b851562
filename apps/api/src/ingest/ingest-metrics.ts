import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** Answers what to call with each batch's size and time. */
export function addBatchMetrics(registry: Registry): (items: number, elapsedMs: number) => void {
  const registers = [registry];
  const batches = new Histogram({
    name: 'studyin_api_ingest_batch_items',
    help: 'Items of a group commit.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  });
  const commits = new Histogram({
    name: 'studyin_api_ingest_commit_duration_seconds',
    help: 'Time of a group commit.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  return (items, elapsedMs) => {
    batches.observe(items);
    commits.observe(elapsedMs / 1000);
  };
}

/** Adds what waits, asked at each scrape, and how much may. */
export function addQueueMetrics(
  registry: Registry,
  { queued, queueItems }: { readonly queued: () => number; readonly queueItems: number },
): void {
  const queue: Gauge = new Gauge({
    name: 'studyin_api_ingest_queue_items',
    help: 'Items that wait for a group commit or are in one.',
    registers: [registry],
    collect: () => queue.set(queued()),
  });
  const limit = new Gauge({
    name: 'studyin_api_ingest_queue_items_limit',
    help: 'Items that may wait: STUDYIN_INGEST_QUEUE_ITEMS.',
    registers: [registry],
  });
  limit.set(queueItems);
}
