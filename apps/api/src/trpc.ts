import { initTRPC } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY, TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import superjson from 'superjson';
import type { Context } from './context.ts';
import { ApiError, requestIdOf, texts, toApiError } from './domain-errors.ts';
import { describeError } from '@studyin/telemetry/log';
import type { Authentication } from './request-facts.ts';
import type { Role, Viewer } from './tokens.ts';

// The types are written out, without a name: clients get router.d.ts on its own, so nothing in it may need an import.
function errorData(error: TRPCError, requestId: string | null) {
  const { code, details } = toApiError(error);
  const data: {
    code: TRPC_ERROR_CODE_KEY;
    httpStatus: number;
    requestId: string | null;
    reason?: string;
    path?: string;
    issues?: { path: string; code: string }[];
  } = { code, httpStatus: details.httpStatus ?? getHTTPStatusCodeFromError(error), requestId };
  if (details.reason !== undefined) data.reason = details.reason;
  if (details.path !== undefined) data.path = details.path;
  if (details.issues !== undefined) data.issues = [...details.issues];
  return { data, message: details.publicText ?? texts[code] };
}

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  isDev: false, // or a missing NODE_ENV sends stack traces out
  errorFormatter: ({ shape, error, ctx }) => {
    const { data, message } = errorData(error, ctx?.request.requestId ?? requestIdOf(error));
    return { code: shape.code, message, data };
  },
});

export const { router, createCallerFactory } = t;

/**
 * A procedure for whoever has a valid token, or for those of the given roles. It observes every call: its time by procedure and
 * code, its errors as the product's own, and what went wrong on our side in the log. One middleware: each copies the whole context.
 */
export const procedureFor = (...allowed: readonly Role[]) =>
  t.procedure.use(({ ctx: { services, request }, path, next }) =>
    services.tracing.span({ name: path, kind: 'server', traceParent: request.traceParent }, async (note) => {
      const started = performance.now();
      const access = accessOf(request.authentication, allowed);
      const result = 'viewer' in access ? await next({ ctx: { viewer: access.viewer } }) : null;
      const elapsedMs = (): number => performance.now() - started;
      if (result?.ok === true) {
        services.metrics.observeCall(path, 'OK', elapsedMs());
        return result;
      }
      const error = 'refusal' in access ? access.refusal : toApiError(result?.error);
      services.metrics.observeCall(path, error.code, elapsedMs());
      note({ 'request.id': request.requestId });
      if (error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'SERVICE_UNAVAILABLE') {
        services.log.error({
          event: 'api.call_failed',
          requestId: request.requestId,
          procedure: path,
          code: error.code,
          error: describeError(error.cause),
        });
      }
      throw error;
    }),
  );

type Access = { readonly viewer: Viewer } | { readonly refusal: ApiError };

function accessOf(authentication: Authentication, allowed: readonly Role[]): Access {
  if ('failure' in authentication) {
    return {
      refusal: new ApiError(authentication.failure === 'unavailable' ? 'SERVICE_UNAVAILABLE' : 'UNAUTHORIZED'),
    };
  }
  const { viewer } = authentication;
  const isAllowed = allowed.length === 0 || allowed.includes(viewer.role);
  return isAllowed ? { viewer } : { refusal: new ApiError('FORBIDDEN') };
}
