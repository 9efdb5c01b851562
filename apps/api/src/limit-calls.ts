// So many calls a minute for each learner, or each address where nobody is known. Ten calls in one HTTP batch are ten calls.
import { ipKeyGenerator, MemoryStore, rateLimit } from 'express-rate-limit';
import type { Request, RequestHandler } from 'express';
import { MAX_BATCH } from './server-limits.ts';
import { sendError } from './send-error.ts';
import type { Metrics } from './metrics.ts';
import type { RequestFactsReader } from './request-facts.ts';

export type CallLimit = { readonly handlers: readonly RequestHandler[]; close(): void };

/** `callsPerMinute` 0 switches the limit off; services are exempt. */
export function limitCalls(
  facts: RequestFactsReader,
  metrics: Metrics,
  { callsPerMinute }: { readonly callsPerMinute: number },
): CallLimit {
  if (callsPerMinute === 0) return { handlers: [], close: () => undefined };
  const store = new MemoryStore();
  const viewerOf = (req: Request) => {
    const { authentication } = facts.of(req);
    return 'viewer' in authentication ? authentication.viewer : null;
  };
  const isExempt = (req: Request) => viewerOf(req)?.role === 'service';
  const keyOf = (req: Request) => viewerOf(req)?.userId ?? ipKeyGenerator(req.ip ?? '');
  const countOthers: RequestHandler = async (req, _res, next) => {
    // the limiter itself counts the first
    if (!isExempt(req)) for (let call = 1; call < callsIn(req); call += 1) await store.increment(keyOf(req));
    next();
  };
  const limiter = rateLimit({
    windowMs: 60_000,
    limit: callsPerMinute,
    store,
    skip: isExempt,
    keyGenerator: keyOf,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false, // its advice goes to the console, where any client could write lines with an odd header
    handler: (req, res) => {
      metrics.observeCall('rate_limited', 'TOO_MANY_REQUESTS', 0);
      sendError(res, 'TOO_MANY_REQUESTS', facts.of(req).requestId);
    },
  });
  return { handlers: [countOthers, limiter], close: () => store.shutdown() };
}

function callsIn(req: Request): number {
  if (req.query['batch'] !== '1') return 1;
  // A larger batch is refused as a whole.
  return Math.min(req.path.split(',').length, MAX_BATCH + 1);
}
