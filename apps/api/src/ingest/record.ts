import { quarantineItems, recordEvents } from '@studyin/domain/services';
import type { App, RecordItem } from '@studyin/domain/services';
import type { Tracing } from '@studyin/telemetry/tracing';
import { describeError } from '@studyin/telemetry/log';
import type { Log } from '@studyin/telemetry/log';
import type { Metrics } from '../metrics.ts';
import { createGroupCommit } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';

/** The one way into the event log. Answers after the commit, each item in the order given. */
export type Ingest = GroupCommit;

export type IngestOptions = {
  readonly lanes: number;
  readonly queueItems: number;
  readonly metrics: Pick<Metrics, 'observeBatch'>;
  readonly tracing: Pick<Tracing, 'batchTracer'>;
  readonly log: Pick<Log, 'warn' | 'error'>;
};

/** An overloaded process must not drown in lines that say so. */
const LINE_EVERY_MS = 1_000;

/** `app` has a pool of its own with a connection for each lane, so that slow readers never hold up what must be stored. */
export function createIngest(app: App, { lanes, queueItems, metrics, tracing, log }: IngestOptions): Ingest {
  const batches = tracing.batchTracer<RecordItem>('ingest.commit');
  let refusedCalls = 0;
  let lastLineMs = -Infinity;
  const groups = createGroupCommit({
    lanes,
    queueItems,
    commit: (items) => batches.run(items, () => recordEvents(app, items)),
    quarantine: (item, result) => quarantineItems(app, [item], [result]),
    onCommit: ({ items, elapsedMs }) => metrics.observeBatch(items, elapsedMs),
    onFailure: ({ items, error }) => log.error({ event: 'ingest.batch_failed', items, error: describeError(error) }),
    onOverload: ({ queued }) => {
      refusedCalls += 1;
      const nowMs = performance.now();
      if (nowMs - lastLineMs < LINE_EVERY_MS) return;
      log.warn({ event: 'ingest.overloaded', queued, refusedCalls });
      lastLineMs = nowMs;
      refusedCalls = 0;
    },
  });
  return {
    ...groups,
    record: (items) => {
      batches.remember(items);
      return groups.record(items);
    },
  };
}
