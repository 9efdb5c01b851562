import type { App, Eraser } from '@studyin/domain/services';
import type { Tracing } from '@studyin/telemetry/tracing';
import type { Ingest } from './ingest/record.ts';
import type { AnswerCache } from './cache.ts';
import type { Metrics } from './metrics.ts';
import type { Viewer } from './tokens.ts';
import type { Log } from '@studyin/telemetry/log';

/** What the request's token came to. `unavailable`: the issuer's keys could not be had, so nobody knows. */
export type Authentication = { readonly viewer: Viewer } | { readonly failure: 'unauthenticated' | 'unavailable' };

/** Where a write came from, reduced to what may be stored. */
export type Origin = { readonly clientIp: string | null; readonly deviceType: string | null };

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

/** What a procedure may use; one for each HTTP request. */
export type Context = Services & {
  readonly requestId: string;
  readonly authentication: Authentication;
  readonly origin: Origin;
  /** The header `x-access-reason`, unchecked. */
  readonly accessReason: string | null;
  /** The header `traceparent`, where a trusted proxy gave one. */
  readonly traceParent: string | null;
};
