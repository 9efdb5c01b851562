// What Express answers: the operator's probes, the export, tRPC calls of unusual form by the official adapter, and what is unknown.
import { describeError } from '@studyin/telemetry/log';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import helmet from 'helmet';
import type { CallParts } from './call-parts.ts';
import type { Services } from './context.ts';
import { createExportHandler } from './export.ts';
import { createFactsKeeper } from './facts-keeper.ts';
import type { FactsKeeper } from './facts-keeper.ts';
import type { Readiness } from './health.ts';
import type { CallLimit } from './limit-calls.ts';
import type { RequestReader } from './request-facts.ts';
import { sendError } from './send-error.ts';
import { MAX_BATCH, MAX_BODY_BYTES } from './server-limits.ts';

export type AppParts = {
  readonly services: Services;
  readonly calls: CallParts;
  readonly reader: RequestReader;
  readonly limits: CallLimit;
  readonly checkReadiness: () => Promise<Readiness>;
};

export function createExpressApp(parts: AppParts): Express {
  const { services, calls, reader } = parts;
  const facts = createFactsKeeper(reader);
  const countCalls = createCallCounter(parts, facts);
  const app = express();
  app.disable('etag');
  app.use(facts.identify, helmet());
  addProbes(app, parts, facts);
  app.route('/export').get(facts.read, countCalls, createExportHandler(services, facts)).all(refuseMethod(facts));
  // No body parser before this: tRPC reads the body itself, within its limit.
  app.use(
    '/trpc',
    refuseLargeBody(facts),
    facts.read,
    countCalls,
    createExpressMiddleware({
      ...calls,
      createContext: ({ req }) => ({ services, request: facts.of(req) }),
      responseMeta: ({ errors }) => ({ headers: { ...calls.headersFor(errors) } }),
      onError: ({ error, req }) => calls.onError(error, facts.idOf(req)),
    }),
  );
  app.use((req, res) => sendError(res, 'NOT_FOUND', facts.idOf(req)));
  app.use(answerError(services, facts));
  return app;
}

/** What an operator's machines ask. */
function addProbes(app: Express, { services: { metrics }, checkReadiness }: AppParts, facts: FactsKeeper): void {
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

function createCallCounter({ limits }: AppParts, facts: FactsKeeper): RequestHandler {
  return async (req, res, next) => {
    // A larger batch is refused as a whole.
    const calls = req.query['batch'] === '1' ? Math.min(req.path.split(',').length, MAX_BATCH + 1) : 1;
    const { isRefused, headers } = await limits.count(facts.of(req), calls);
    for (const [name, value] of headers) res.setHeader(name, value);
    if (!isRefused) return next();
    sendError(res, 'TOO_MANY_REQUESTS', facts.idOf(req));
  };
}

/** A body that says it is too large is refused before a byte of it is read; tRPC stops one that lies. */
function refuseLargeBody(facts: FactsKeeper): RequestHandler {
  return (req, res, next) => {
    if (Number(req.headers['content-length'] ?? 0) <= MAX_BODY_BYTES) return next();
    res.setHeader('connection', 'close');
    sendError(res, 'PAYLOAD_TOO_LARGE', facts.idOf(req));
  };
}

function refuseMethod(facts: FactsKeeper): RequestHandler {
  return (req, res) => {
    res.setHeader('allow', 'GET, HEAD');
    sendError(res, 'METHOD_NOT_SUPPORTED', facts.idOf(req));
  };
}

function answerError({ log }: Services, facts: FactsKeeper): ErrorRequestHandler {
  // oxlint-disable-next-line max-params -- express knows an error handler by its four parameters
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const status: unknown = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
    const isCallersFault = typeof status === 'number' && status >= 400 && status < 500;
    const requestId = facts.idOf(req);
    if (!isCallersFault) log.error({ event: 'api.request_failed', requestId, error: describeError(error) });
    sendError(res, isCallersFault ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR', requestId);
  };
}
