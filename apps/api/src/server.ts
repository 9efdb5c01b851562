import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@studyin/domain/errors';
import type { TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from './config.ts';
import type { Services } from './context.ts';
import { ApiError, markRequest } from './domain-errors.ts';
import { createExportHandler } from './export.ts';
import type { Readiness } from './health.ts';
import { limitCalls } from './limit-calls.ts';
import { describeError } from '@studyin/telemetry/log';
import { createRequestFacts, originOf } from './request-facts.ts';
import type { RequestFactsReader } from './request-facts.ts';
import { appRouter } from './router.ts';
import { sendError } from './send-error.ts';
import { MAX_BATCH, MAX_BODY_BYTES } from './server-limits.ts';
import type { ClientTimeouts } from './server-limits.ts';
import type { TokenVerifier } from './tokens.ts';
import { createTransport } from './transport/create-transport.ts';

export type ServerParts = {
  readonly services: Services;
  readonly verifyToken: TokenVerifier;
  readonly checkReadiness: () => Promise<Readiness>;
  readonly settings: Config['http'];
  readonly timeouts: ClientTimeouts;
};

export type ApiServer = {
  readonly url: string;
  /** From here on every answer asks its client to leave this connection. */
  drain(): void;
  /** Stops listening and waits for running calls; what is still open after `timeoutMs` is cut. */
  close(timeoutMs: number): Promise<void>;
};

/** Listens. Throws `misconfigured` where the port is taken or may not be used. */
export async function startServer(parts: ServerParts): Promise<ApiServer> {
  const { host, port } = parts.settings;
  const draining = createDraining();
  const { app, closeLimits } = createHandler(parts, draining.handler);
  const { headersMs, requestMs, checkMs } = parts.timeouts;
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: checkMs, // node's own, 30 seconds, would make the two above 40 and 60
      keepAliveTimeout: 65_000,
    },
    app,
  );
  await listen(server, { host, port });
  const { port: bound } = server.address() as AddressInfo; // as: a server that listens on TCP
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    drain: () => draining.begin(),
    close: async (timeoutMs) => {
      closeLimits();
      await close(server, timeoutMs);
    },
  };
}

function createHandler(
  { services, verifyToken, checkReadiness, settings }: ServerParts,
  draining: RequestHandler,
): { app: Express; closeLimits: () => void } {
  const { metrics } = services;
  const facts = createRequestFacts(verifyToken, { trustsProxy: settings.trustedProxies > 0 });
  const limits = limitCalls(facts, metrics, settings);
  const app = express();
  app.set('trust proxy', settings.trustedProxies);
  app.use(draining, facts.identify, helmet());
  addProbes(app, { facts, metrics, checkReadiness });
  app
    .route('/export')
    .get(facts.authenticate, ...limits.handlers, createExportHandler(services, facts))
    .all(refuseMethod(facts));
  // No body parser before this: tRPC reads the body itself, within its limit.
  app.use(
    '/trpc',
    refuseLargeBody(facts),
    facts.authenticate,
    ...limits.handlers,
    ...createTrpcHandlers(services, facts),
  );
  app.use((req, res) => sendError(res, 'NOT_FOUND', facts.of(req).requestId));
  app.use(answerError(services, facts));
  return { app, closeLimits: () => limits.close() };
}

type Probes = Pick<ServerParts, 'checkReadiness'> & {
  readonly facts: RequestFactsReader;
  readonly metrics: Services['metrics'];
};

/** What an operator's machines ask. */
function addProbes(app: Express, { facts, metrics, checkReadiness }: Probes): void {
  app
    .route('/livez')
    .get((_req, res) => void res.json({ live: true }))
    .all(refuseMethod(facts));
  app
    .route('/readyz')
    .get(async (_req, res) => {
      const readiness = await checkReadiness();
      res.status(readiness.ready ? 200 : 503).json(readiness);
    })
    .all(refuseMethod(facts));
  app
    .route('/metrics')
    .get(async (_req, res) => {
      res.type(metrics.contentType).send(await metrics.render());
    })
    .all(refuseMethod(facts));
}

/** Plain JSON calls by the fast path, all else by the official adapter; what both need is given to both. */
function createTrpcHandlers(services: Services, facts: RequestFactsReader): readonly RequestHandler[] {
  const parts = {
    router: appRouter,
    maxBodySize: MAX_BODY_BYTES,
    maxBatchSize: MAX_BATCH,
    createContext: ({ req }: { readonly req: Request }) => {
      const { requestId, authentication } = facts.of(req);
      return {
        ...services,
        requestId,
        authentication,
        origin: originOf(req, authentication),
        accessReason: req.get('x-access-reason') ?? null,
        traceParent: facts.of(req).traceParent,
      };
    },
    onError: ({ error, req }: { readonly error: TRPCError; readonly req: Request }) => {
      // what a procedure threw has been counted and logged by it
      if (error instanceof ApiError) return;
      markRequest(error, facts.of(req).requestId);
      services.metrics.observeCall('none', error.code, 0);
      if (error.code === 'INTERNAL_SERVER_ERROR') {
        services.log.error({
          event: 'api.request_failed',
          requestId: facts.of(req).requestId,
          error: describeError(error),
        });
      }
    },
  };
  return [
    createTransport({ ...parts, headersFor }),
    createExpressMiddleware({ ...parts, responseMeta: ({ errors }) => ({ headers: headersFor(errors) }) }),
  ];
}

function headersFor(errors: readonly TRPCError[]): Record<string, string> {
  const codes = new Set(errors.map(({ code }) => code));
  return {
    // answers are about a person
    'cache-control': 'no-store',
    ...(codes.has('UNAUTHORIZED') ? { 'www-authenticate': 'Bearer' } : {}),
    ...(codes.has('SERVICE_UNAVAILABLE') || codes.has('TOO_MANY_REQUESTS') ? { 'retry-after': '1' } : {}),
  };
}

/** A body that says it is too large is refused before a byte of it is read; tRPC stops one that lies. */
function refuseLargeBody(facts: RequestFactsReader): RequestHandler {
  return (req, res, next) => {
    if (Number(req.get('content-length') ?? 0) <= MAX_BODY_BYTES) return next();
    res.setHeader('connection', 'close');
    sendError(res, 'PAYLOAD_TOO_LARGE', facts.of(req).requestId);
  };
}

function refuseMethod(facts: RequestFactsReader): RequestHandler {
  return (req, res) => {
    res.setHeader('allow', 'GET, HEAD');
    sendError(res, 'METHOD_NOT_SUPPORTED', facts.of(req).requestId);
  };
}

function answerError({ log }: Services, facts: RequestFactsReader): ErrorRequestHandler {
  // oxlint-disable-next-line max-params -- express knows an error handler by its four parameters
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const status: unknown = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
    const isCallersFault = typeof status === 'number' && status >= 400 && status < 500;
    const { requestId } = facts.of(req);
    if (!isCallersFault) log.error({ event: 'api.request_failed', requestId, error: describeError(error) });
    sendError(res, isCallersFault ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR', requestId);
  };
}

function createDraining(): { readonly handler: RequestHandler; begin(): void } {
  const open = new Set<Parameters<RequestHandler>[1]>();
  let draining = false;
  return {
    handler: (_req, res, next) => {
      if (draining) res.setHeader('connection', 'close');
      open.add(res);
      res.once('close', () => open.delete(res));
      next();
    },
    begin: () => {
      draining = true;
      for (const res of open) if (!res.headersSent) res.setHeader('connection', 'close');
    },
  };
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${error.code ?? 'unknown'})`;
      reject(
        new DomainError(
          'misconfigured',
          `Port ${port} of ${host} ${why}; set STUDYIN_PORT or STUDYIN_HOST to another.`,
          { cause: error },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}

async function close(server: Server, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  server.closeIdleConnections();
  await closed;
  clearTimeout(cut);
}
