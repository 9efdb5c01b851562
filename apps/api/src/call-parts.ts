// What the two ways to a procedure share: the transport for plain JSON calls, and the official adapter for all others.
import { describeError } from '@studyin/telemetry/log';
import type { TRPCError } from '@trpc/server';
import type { Services } from './context.ts';
import { ApiError, markRequest } from './domain-errors.ts';
import { appRouter } from './router.ts';
import { MAX_BATCH, MAX_BODY_BYTES } from './server-limits.ts';

export type CallParts = {
  readonly router: typeof appRouter;
  readonly maxBodySize: number;
  readonly maxBatchSize: number;
  /** Of an answer with these errors. */
  readonly headersFor: (errors: readonly TRPCError[]) => Readonly<Record<string, string>>;
  readonly onError: (error: TRPCError, requestId: string) => void;
};

export function createCallParts(services: Services): CallParts {
  const { log, metrics } = services;
  return {
    router: appRouter,
    maxBodySize: MAX_BODY_BYTES,
    maxBatchSize: MAX_BATCH,
    headersFor,
    onError: (error, requestId) => {
      // what a procedure threw has been counted and logged by it
      if (error instanceof ApiError) return;
      markRequest(error, requestId);
      metrics.observeCall('none', error.code, 0);
      if (error.code === 'INTERNAL_SERVER_ERROR') {
        log.error({ event: 'api.request_failed', requestId, error: describeError(error) });
      }
    },
  };
}

// answers are about a person
const ofAPerson: Readonly<Record<string, string>> = { 'cache-control': 'no-store' };

function headersFor(errors: readonly TRPCError[]): Readonly<Record<string, string>> {
  if (errors.length === 0) return ofAPerson;
  const codes = new Set(errors.map(({ code }) => code));
  return {
    ...ofAPerson,
    ...(codes.has('UNAUTHORIZED') ? { 'www-authenticate': 'Bearer' } : {}),
    ...(codes.has('SERVICE_UNAVAILABLE') || codes.has('TOO_MANY_REQUESTS') ? { 'retry-after': '1' } : {}),
  };
}
