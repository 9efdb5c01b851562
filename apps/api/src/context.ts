import type { App, Eraser } from '@studyin/domain/services';
import type { Tracing } from '@studyin/telemetry/tracing';
import type { Ingest } from './ingest/record.ts';
import type { AnswerCache } from './cache.ts';
import type { Metrics } from './metrics.ts';
import type { RequestFacts } from './request-facts.ts';
import type { Log } from '@studyin/telemetry/log';

/** What lives as long as the process. */
export type Services = {
  readonly app: App;
  /** Deletes learners; nothing else of the process may. */
  readonly eraser: Eraser;
  readonly ingest: Ingest;
  readonly cache: AnswerCache<App>;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly log: Log;
};

/** What a procedure may use; one for each HTTP request. Two parts, because tRPC copies it key by key. */
export type Context = { readonly services: Services; readonly request: RequestFacts };
